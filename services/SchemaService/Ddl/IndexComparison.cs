namespace Platform.SchemaService.Ddl;

/// <summary>
/// Compares a table's indexes. On a table that has rows they are built concurrently: writers go on, and an index that was interrupted is
/// found invalid and built again.
/// </summary>
internal static class IndexComparison
{
    public static void Compare(
        TableDesign design, TableState state, IReadOnlyList<TableState> partitions, bool isNew, TableChanges changes)
    {
        foreach (var wanted in design.Indexes)
        {
            if (isNew) changes.Add(Create(wanted.Name, design.QualifiedName, wanted.Columns));
            else if (design.PartitionColumn is null) CompareSingle(design, state, wanted, changes);
            else CompareDivided(design, state, partitions, wanted, changes);
        }

        RemoveSurplus(design, state, changes);
    }

    private static void CompareSingle(TableDesign design, TableState state, IndexDesign wanted, TableChanges changes)
    {
        var present = state.Indexes.FirstOrDefault(index => index.Name == wanted.Name);
        if (IsGood(present, wanted) && present!.Valid) return;
        if (present is not null) changes.AddConcurrent($"DROP INDEX CONCURRENTLY {Sql.Name(design.Schema, wanted.Name)}");
        changes.AddConcurrent(Create(wanted.Name, design.QualifiedName, wanted.Columns, "CONCURRENTLY "));
    }

    // A divided table's index is invalid until every partition's is attached to it.
    private static void CompareDivided(
        TableDesign design, TableState state, IReadOnlyList<TableState> partitions, IndexDesign wanted, TableChanges changes)
    {
        var present = state.Indexes.FirstOrDefault(index => index.Name == wanted.Name);
        if (present is not null && !IsGood(present, wanted))
        {
            changes.Add($"DROP INDEX {Sql.Name(design.Schema, wanted.Name)}");
            present = null;
        }

        if (present is { Valid: true }) return;
        if (present is null) changes.Add(Create(wanted.Name, $"ONLY {design.QualifiedName}", wanted.Columns));
        foreach (var partition in partitions)
        {
            if (present is not null && partition.Indexes.Any(index => index.PartOf == wanted.Name)) continue;

            var name = ObjectNames.Of(partition.Name, wanted.Name[(design.Name.Length + 1)..]);
            var part = partition.Indexes.FirstOrDefault(index => index.Name == name);
            if (part is { Valid: false }) changes.AddConcurrent($"DROP INDEX CONCURRENTLY {Sql.Name(design.Schema, name)}");
            if (part is not { Valid: true })
                changes.AddConcurrent(Create(name, Sql.Name(design.Schema, partition.Name), wanted.Columns, "CONCURRENTLY "));
            changes.AddStep($"ALTER INDEX {Sql.Name(design.Schema, wanted.Name)} ATTACH PARTITION {Sql.Name(design.Schema, name)}");
        }
    }

    // An index named as the platform names them, of a column whose contract no longer asks for it. Others are somebody else's.
    private static void RemoveSurplus(TableDesign design, TableState state, TableChanges changes)
    {
        var own = design.Columns.Select(column => ObjectNames.Of(design.Name, column.Name, "idx")).ToHashSet(StringComparer.Ordinal);
        foreach (var surplus in state.Indexes.Where(index =>
            own.Contains(index.Name) && design.Indexes.All(wanted => wanted.Name != index.Name)))
        {
            if (design.PartitionColumn is null) changes.AddConcurrent($"DROP INDEX CONCURRENTLY {Sql.Name(design.Schema, surplus.Name)}");
            else changes.Add($"DROP INDEX {Sql.Name(design.Schema, surplus.Name)}");
        }
    }

    private static bool IsGood(TableState.Index? present, IndexDesign wanted) =>
        present?.Columns is { } columns && columns.SequenceEqual(wanted.Columns, StringComparer.Ordinal);

    private static string Create(string name, string table, IReadOnlyList<string> columns, string how = "") =>
        $"CREATE INDEX {how}{Sql.Name(name)} ON {table} ({Sql.Names(columns)})";
}
