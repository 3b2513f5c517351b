using Platform.Contracts;
using Platform.SchemaService.Partitions;

namespace Platform.SchemaService.Ddl;

/// <summary>Derives the tables from the contracts. Pure: the same contracts on the same day give the same tables.</summary>
internal static class TableDesigner
{
    /// <summary>The tables in order of reference; a divided one is followed by the table of its keys.</summary>
    public static IReadOnlyList<TableDesign> Design(ContractSet contracts, DateOnly today) =>
        [.. contracts.Entities.SelectMany(entity => Design(contracts, entity, today))];

    private static IEnumerable<TableDesign> Design(ContractSet contracts, EntityContract entity, DateOnly today)
    {
        string[] key = [DatabaseNames.TenantColumn, entity.Key.Name];
        yield return new TableDesign
        {
            Schema = DatabaseNames.AppSchema,
            Name = entity.Name,
            Contract = entity.Name,
            ContractVersion = entity.Version,
            Columns = [ColumnDesigner.Tenant, .. entity.Columns.Select(column => ColumnDesigner.Design(entity.Name, column))],
            // Postgres asks for the partition's column in every unique index of a divided table.
            PrimaryKey = entity.Partitioning is { } divided ? [.. key, divided.Column] : key,
            PartitionColumn = entity.Partitioning?.Column,
            Partitions = entity.Partitioning is { } months ? PartitionMonths.Of(entity, months, today) : [],
            Indexes = [.. entity.Columns.Where(column => column.Indexed && !column.Name.Equals(entity.Key.Name, StringComparison.Ordinal))
                .Select(column => DesignIndex(entity, column))],
            ForeignKeys = [.. entity.References.Select(reference => DesignForeignKey(contracts, entity, reference))],
            Triggers = KeysTable.Triggers(entity),
        };

        if (entity.Partitioning is not null) yield return KeysTable.Design(entity);
    }

    // The key behind the column makes the order total, so that a page can begin where the one before ended.
    private static IndexDesign DesignIndex(EntityContract entity, ColumnContract column) =>
        new(ObjectNames.Of(entity.Name, column.Name, "idx"), [DatabaseNames.TenantColumn, column.Name, entity.Key.Name]);

    private static ForeignKeyDesign DesignForeignKey(ContractSet contracts, EntityContract entity, ReferenceContract reference)
    {
        var target = contracts.Find(reference.Entity)!;
        return new(
            ObjectNames.Of(entity.Name, reference.Column, "fkey"),
            reference.Column,
            target.Partitioning is null ? target.Name : KeysTable.NameOf(target),
            reference.TargetColumn);
    }
}
