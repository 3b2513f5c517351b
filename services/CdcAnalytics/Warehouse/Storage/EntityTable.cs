using Platform.Changes;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Storage;

/// <summary>
/// The tables of an entity: its rows as they are now, the versions that have ended (schema <c>history</c>, only ever appended to), and over
/// both a view of all versions (schema <c>versions</c>, a slowly changing dimension of type 2).
/// </summary>
internal sealed class EntityTable
{
    /// <summary>What begins a version; the same in every table.</summary>
    public const string VersionColumns = "_source, _commit_lsn, _ordinal, _committed_at, _operation";

    /// <summary>What ends one.</summary>
    public const string EndColumns = "_to_source, _to_lsn, _to_ordinal, _to_at, _to_operation";

    /// <summary>What begins a version, and the number of the group of changes that it was applied with.</summary>
    public const string BeginStored = $"{VersionColumns}, _sequence";

    /// <summary>What ends one, and the number of the group.</summary>
    public const string EndStored = $"{EndColumns}, _to_sequence";

    public EntityTable(EntityContract entity)
    {
        Entity = entity;
        Name = NameOf(entity);
        History = $"history.{Quote(entity.Name)}";
        Versions = $"versions.{Quote(entity.Name)}";
        Waiting = $"lake.{Quote(entity.Name)}";
        Seen = $"seen.{Quote(entity.Name)}";
        Columns = string.Join(", ", entity.Columns.Select(c => Quote(c.Name)));
        Definitions = string.Join(", ", entity.Columns.Select(c => $"{Quote(c.Name)} {TypeOf(c)}"));
        Merge = new(this);
        Create = string.Join('\n', CreateStatements());
    }

    public EntityContract Entity { get; }

    /// <summary>The quoted table of the rows as they are now.</summary>
    public string Name { get; }

    /// <summary>The quoted table of the versions that have ended.</summary>
    public string History { get; }

    /// <summary>The quoted view of all versions.</summary>
    public string Versions { get; }

    /// <summary>The quoted table of the changes for the lake that leave no version behind, until they are in its files.</summary>
    public string Waiting { get; }

    /// <summary>The quoted table of the rows that a snapshot has shown to be as the warehouse has them.</summary>
    public string Seen { get; }

    /// <summary>The contract's columns, quoted.</summary>
    public string Columns { get; }

    /// <summary>The contract's columns with their types.</summary>
    public string Definitions { get; }

    /// <summary>How changes are applied.</summary>
    public EntityMerge Merge { get; }

    /// <summary>Makes what is missing: the tables, or columns that the contract has had since.</summary>
    public string Create { get; }

    /// <summary>The quoted table of an entity's rows as they are now.</summary>
    public static string NameOf(EntityContract entity) => $"main.{Quote(entity.Name)}";

    /// <summary>A double-quoted identifier.</summary>
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string TypeOf(ColumnContract column) => column.Type switch
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

    private IEnumerable<string> CreateStatements()
    {
        // Everything that a file has from before sources were told apart comes from one.
        const string SourceType = $"VARCHAR DEFAULT '{ChangeSource.Default}'";
        (string Name, string Type)[] version = [("_source", SourceType), ("_commit_lsn", "UBIGINT"), ("_ordinal", "BIGINT"), ("_committed_at", "TIMESTAMP"), ("_operation", "VARCHAR"), ("_sequence", "BIGINT")];
        (string Name, string Type)[] end = [("_to_source", SourceType), ("_to_lsn", "UBIGINT"), ("_to_ordinal", "BIGINT"), ("_to_at", "TIMESTAMP"), ("_to_operation", "VARCHAR"), ("_to_sequence", "BIGINT")];
        (string Name, string Type)[] row = [.. Entity.Columns.Select(c => (Quote(c.Name), TypeOf(c))), .. version];
        foreach (var (table, columns) in new[] { (Name, row), (History, [.. row, .. end]), (Waiting, row) })
        {
            yield return $"CREATE TABLE IF NOT EXISTS {table} (tenant_id VARCHAR NOT NULL);";
            foreach (var (name, type) in columns) yield return $"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {name} {type};";
        }

        yield return $"CREATE TABLE IF NOT EXISTS {Seen} (tenant_id VARCHAR NOT NULL, {Quote(Entity.Key.Name)} {TypeOf(Entity.Key)}, _commit_lsn UBIGINT);";
        yield return $"ALTER TABLE {Seen} ADD COLUMN IF NOT EXISTS _source {SourceType};";
        yield return $"""
            CREATE OR REPLACE VIEW {Versions} AS
            SELECT tenant_id, {Columns}, {VersionColumns}, _committed_at AS _valid_from, _to_source, _to_lsn, _to_ordinal, _to_at AS _valid_to, _to_operation, false AS _is_current
            FROM {History} WHERE _operation <> 'd'
            UNION ALL
            SELECT tenant_id, {Columns}, {VersionColumns}, _committed_at, NULL, NULL, NULL, NULL, NULL, true FROM {Name};
            """;
    }
}
