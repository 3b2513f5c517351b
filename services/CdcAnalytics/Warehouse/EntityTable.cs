using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>The warehouse table of an entity, and the statements on it. It holds each row as it is now, with its place in the log.</summary>
internal sealed class EntityTable
{
    public EntityTable(EntityContract entity)
    {
        Entity = entity;
        Name = Quote(entity.Name);
        Stage = Quote($"stage_{entity.Name}");
        var columns = string.Join(", ", entity.Columns.Select(c => Quote(c.Name)));
        var definitions = string.Join(", ", entity.Columns.Select(c => $"{Quote(c.Name)} {TypeOf(c)}"));
        var key = Quote(entity.Key.Name);
        Create = $"""
            CREATE TABLE IF NOT EXISTS {Name} (tenant_id VARCHAR NOT NULL, {definitions}, _commit_lsn UBIGINT NOT NULL, _ordinal BIGINT NOT NULL);
            CREATE TEMP TABLE {Stage} (tenant_id VARCHAR, {definitions}, _commit_lsn UBIGINT, _ordinal BIGINT, _deleted BOOLEAN);
            """;
        // A delete and an insert in one transaction: no unique index is needed, and none grows slower with the table.
        Merge = $"""
            DELETE FROM {Name} USING {Stage} AS s WHERE {Name}.tenant_id = s.tenant_id AND {Name}.{key} = s.{key};
            INSERT INTO {Name} SELECT tenant_id, {columns}, _commit_lsn, _ordinal FROM {Stage} WHERE NOT _deleted;
            DELETE FROM {Stage};
            """;
        Truncate = $"DELETE FROM {Name} WHERE (_commit_lsn, _ordinal) < ($lsn, $ordinal)";
    }

    public EntityContract Entity { get; }

    /// <summary>The quoted table.</summary>
    public string Name { get; }

    /// <summary>The quoted temporary table that a batch goes through.</summary>
    public string Stage { get; }

    public string Create { get; }

    public string Merge { get; }

    /// <summary>Removes every row written before a position: $lsn, $ordinal.</summary>
    public string Truncate { get; }

    /// <summary>A double-quoted identifier.</summary>
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string TypeOf(ColumnContract column) => column.Type switch
    {
        ColumnType.Text => "VARCHAR",
        ColumnType.Integer or ColumnType.Money => "BIGINT",
        ColumnType.Number => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Date => "DATE",
        // In UTC; DuckDB's type with a zone would need an extension's time zones for every conversion.
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Uuid => "UUID",
        _ => throw new InvalidOperationException($"Column type {column.Type} has no form in the warehouse."),
    };
}
