using Npgsql;
using NpgsqlTypes;
using Platform.Contracts;

namespace Platform.DataService.Storage;

/// <summary>
/// The statements of one entity in one schema. Names come from the contract only and are quoted all the same; values are
/// parameters. Every statement names the tenant besides the policy, so that the primary key's index serves it.
/// </summary>
internal sealed class EntitySql
{
    private const string TenantColumn = "tenant_id";

    private readonly EntityContract _entity;

    public EntitySql(string schema, EntityContract entity)
    {
        _entity = entity;
        Table = $"{Quote(schema)}.{Quote(entity.Name)}";
        Columns = ListOf(entity.Columns);
        // The partition of a row is found through the table of its keys, so that one partition is read and not all of them.
        var partition = entity.Partitioning is { } partitioning
            ? $" AND {Quote(partitioning.Column)} = (SELECT {Quote(partitioning.Column)} FROM {Quote(schema)}.{Quote(entity.Name + "_keys")}" +
              $" WHERE {TenantColumn} = $1 AND {Quote(entity.Key.Name)} = $2)"
            : "";
        ByKey = $"{TenantColumn} = $1 AND {Quote(entity.Key.Name)} = $2{partition}";
        Find = $"SELECT {Columns}, pg_snapshot_xmin(pg_current_snapshot()) FROM {Table} WHERE {ByKey}";
        Delete = $"DELETE FROM {Table} WHERE {ByKey}";
        BulkInsert = BuildBulkInsert();
    }

    /// <summary>The qualified, quoted table.</summary>
    public string Table { get; }

    /// <summary>Every column of the contract, quoted and separated.</summary>
    public string Columns { get; }

    /// <summary>One row and its snapshot's lower bound. $1 tenant, $2 key.</summary>
    public string Find { get; }

    /// <summary>Removes one row. $1 tenant, $2 key.</summary>
    public string Delete { get; }

    /// <summary>Inserts many rows: $1 tenant, then one array per column in the contract's order.</summary>
    public string BulkInsert { get; }

    private string ByKey { get; }

    /// <summary>A double-quoted identifier.</summary>
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Quoted names, separated.</summary>
    public static string ListOf(IEnumerable<ColumnContract> columns) => string.Join(", ", columns.Select(c => Quote(c.Name)));

    /// <summary>The Postgres type of a column's values.</summary>
    public static NpgsqlDbType TypeOf(ColumnContract column) => column.Type switch
    {
        ColumnType.Text => NpgsqlDbType.Text,
        ColumnType.Integer or ColumnType.Money => NpgsqlDbType.Bigint,
        ColumnType.Number => NpgsqlDbType.Double,
        ColumnType.Boolean => NpgsqlDbType.Boolean,
        ColumnType.Date => NpgsqlDbType.Date,
        ColumnType.Timestamp => NpgsqlDbType.TimestampTz,
        ColumnType.Uuid => NpgsqlDbType.Uuid,
        _ => throw new InvalidOperationException($"Column type {column.Type} has no Postgres form."),
    };

    /// <summary>A parameter of a column's type.</summary>
    public static NpgsqlParameter Parameter(ColumnContract column, object? value) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = TypeOf(column) };

    /// <summary>Inserts one row: $1 tenant, then the given columns in order.</summary>
    public string Insert(IReadOnlyList<ColumnContract> columns) =>
        $"INSERT INTO {Table} ({TenantColumn}, {ListOf(columns)}) VALUES ($1, {Placeholders(2, columns.Count)}) RETURNING {Columns}";

    /// <summary>Changes one row: $1 tenant, $2 key, then the given columns in order.</summary>
    public string Update(IReadOnlyList<ColumnContract> columns) =>
        $"UPDATE {Table} SET {string.Join(", ", columns.Select((c, i) => $"{Quote(c.Name)} = ${i + 3}"))} WHERE {ByKey} RETURNING {Columns}";

    /// <summary>
    /// Replaces one row or creates it: $1 tenant, $2 key, then the given columns in order. The last column of the result says whether it
    /// was created. A partitioned table has no unique index on the key alone, so ON CONFLICT cannot do this.
    /// </summary>
    public string Put(IReadOnlyList<ColumnContract> columns) =>
        $"WITH changed AS ({Update(columns)}), created AS (INSERT INTO {Table} ({TenantColumn}, {Quote(_entity.Key.Name)}, {ListOf(columns)})" +
        $" SELECT $1, $2, {Placeholders(3, columns.Count)} WHERE NOT EXISTS (SELECT FROM changed) RETURNING {Columns})" +
        $" SELECT {Columns}, false FROM changed UNION ALL SELECT {Columns}, true FROM created";

    private static string Placeholders(int first, int count) => string.Join(", ", Enumerable.Range(first, count).Select(i => $"${i}"));

    // COPY FROM does not work on a table with row-level security; an array per column does, and nearly as fast.
    private string BuildBulkInsert()
    {
        var arrays = string.Join(", ", _entity.Columns.Select((c, i) => $"${i + 2}::{ArrayTypeOf(c)}"));
        return $"INSERT INTO {Table} ({TenantColumn}, {Columns}) SELECT $1, * FROM unnest({arrays})";
    }

    private static string ArrayTypeOf(ColumnContract column) => column.Type switch
    {
        ColumnType.Text => "text[]",
        ColumnType.Integer or ColumnType.Money => "bigint[]",
        ColumnType.Number => "double precision[]",
        ColumnType.Boolean => "boolean[]",
        ColumnType.Date => "date[]",
        ColumnType.Timestamp => "timestamptz[]",
        ColumnType.Uuid => "uuid[]",
        _ => throw new InvalidOperationException($"Column type {column.Type} has no Postgres form."),
    };
}
