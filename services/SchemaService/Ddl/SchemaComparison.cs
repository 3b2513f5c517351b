namespace Platform.SchemaService.Ddl;

/// <summary>Compares the tables that there have to be with those that there are. Pure.</summary>
internal static class SchemaComparison
{
    public static SchemaPlan Compare(IReadOnlyList<TableDesign> designs, IReadOnlyList<TableState> states)
    {
        var byName = states.ToDictionary(state => state.Name, StringComparer.Ordinal);
        var changes = designs.Select(design => Compare(design, byName)).ToArray();
        return new(
            [.. changes.SelectMany(change => change.Steps)],
            [.. changes.SelectMany(change => change.Conflicts), .. TablesWithoutContract(designs, states)]);
    }

    private static TableChanges Compare(TableDesign design, Dictionary<string, TableState> states)
    {
        var changes = new TableChanges(design);
        var state = states.GetValueOrDefault(design.Name);
        var isNew = state is null;
        if (isNew)
        {
            changes.Add(TableStatements.Create(design));
            state = new TableState { Name = design.Name };
        }
        else StructureComparison.Compare(design, state!, changes);

        ForeignKeyComparison.Compare(design, state!, isNew, changes);
        SecurityComparison.Compare(design, state!, changes);
        TriggerComparison.Compare(design, state!, changes);
        var partitions = states.Values.Where(candidate => candidate.PartitionOf == design.Name).ToArray();
        IndexComparison.Compare(design, state!, partitions, isNew, changes);
        PartitionComparison.Compare(design, partitions, changes);
        return changes;
    }

    private static IEnumerable<SchemaConflict> TablesWithoutContract(IReadOnlyList<TableDesign> designs, IReadOnlyList<TableState> states)
    {
        var known = designs.Select(design => design.Name).ToHashSet(StringComparer.Ordinal);
        return states
            .Where(state => !known.Contains(state.PartitionOf ?? state.Name))
            .Select(state => new SchemaConflict(state.Name, $"the table {DatabaseNames.AppSchema}.{state.Name} has no contract",
                "put its contract back, or remove the table by a migration"));
    }
}
