namespace Platform.SchemaService.Ddl;

/// <summary>
/// Compares a divided table's partitions. A new one is made beside the table and attached: CREATE TABLE ... PARTITION OF would wait for
/// every reader of the table and hold up all that come after it.
/// </summary>
internal static class PartitionComparison
{
    public static void Compare(TableDesign design, IReadOnlyList<TableState> partitions, TableChanges changes)
    {
        foreach (var partition in partitions) SecurityComparison.ComparePartition(design.Schema, partition, changes);

        var present = partitions.Select(partition => partition.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var wanted in design.Partitions.Where(partition => !present.Contains(partition.Name)))
        {
            var name = Sql.Name(design.Schema, wanted.Name);
            var column = Sql.Name(design.PartitionColumn!);
            changes.AddStep(
                $"CREATE TABLE {name} (LIKE {design.QualifiedName} INCLUDING CONSTRAINTS, " +
                $"CONSTRAINT {Sql.Name(ObjectNames.Of(wanted.Name, "bounds"))} " +
                $"CHECK ({column} >= {wanted.From} AND {column} < {wanted.To}))",
                SecurityComparison.Protect(name, new() { Name = wanted.Name }, replicaIdentityFull: true)!,
                $"ALTER TABLE {design.QualifiedName} ATTACH PARTITION {name} FOR VALUES FROM ({wanted.From}) TO ({wanted.To})");
        }
    }
}
