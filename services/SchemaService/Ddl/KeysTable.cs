using Platform.Contracts;

namespace Platform.SchemaService.Ddl;

/// <summary>
/// The companion of a divided table. A divided table cannot have a unique key without the partition's column; this one has the key
/// alone, so it makes keys unique over all months, is what foreign keys refer to, and says in which month a key's row is.
/// </summary>
internal static class KeysTable
{
    public static string NameOf(EntityContract entity) => entity.Name + "_keys";

    public static TableDesign Design(EntityContract entity) => new()
    {
        Schema = DatabaseNames.AppSchema,
        Name = NameOf(entity),
        Contract = entity.Name,
        ContractVersion = entity.Version,
        Columns =
        [
            ColumnDesigner.Tenant,
            ColumnDesigner.Design(entity.Name, entity.Key) with { Limits = [] },
            ColumnDesigner.Design(entity.Name, entity.Find(entity.Partitioning!.Column)!) with { Limits = [] },
        ],
        PrimaryKey = [DatabaseNames.TenantColumn, entity.Key.Name],
        Published = false,
    };

    /// <summary>
    /// The triggers of the divided table. They fire once a statement and see its rows as tables: a row that moves to another month is a
    /// delete and an insert to a row trigger, and the delete would break the references to it.
    /// </summary>
    public static IReadOnlyList<TriggerDesign> Triggers(EntityContract entity)
    {
        if (entity.Partitioning is not { } partitioning) return [];
        return
        [
            Trigger(entity, partitioning, "insert", "AFTER INSERT ON {0} REFERENCING NEW TABLE AS new_rows"),
            Trigger(entity, partitioning, "update", "AFTER UPDATE ON {0} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
            Trigger(entity, partitioning, "delete", "AFTER DELETE ON {0} REFERENCING OLD TABLE AS old_rows"),
        ];
    }

    private static TriggerDesign Trigger(EntityContract entity, PartitioningContract partitioning, string action, string on) => new(
        ObjectNames.Of(entity.Name, "keys", action),
        string.Format(System.Globalization.CultureInfo.InvariantCulture, on, Sql.Name(DatabaseNames.AppSchema, entity.Name)),
        SqlFile.Read($"Ddl/keys-{action}.sql")
            .Replace("{keys}", Sql.Name(DatabaseNames.AppSchema, NameOf(entity)), StringComparison.Ordinal)
            .Replace("{key}", Sql.Name(entity.Key.Name), StringComparison.Ordinal)
            .Replace("{moment}", Sql.Name(partitioning.Column), StringComparison.Ordinal)
            .Replace("{entity}", entity.Name, StringComparison.Ordinal));
}
