using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Npgsql;
using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Changes;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Verification;

/// <summary>An entity's rows as they were at a position of the log: how many each tenant has, and their checksum.</summary>
internal static class EntityAtPosition
{
    /// <summary>Reads the source, in whichever snapshot the connection's transaction has.</summary>
    /// <exception cref="NpgsqlException">Postgres refuses, or is lost.</exception>
    public static async Task<Dictionary<string, TenantChecksum>> ReadAsync(NpgsqlConnection source, EntityContract entity, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT tenant_id, count(*), sum(h)::text FROM (SELECT tenant_id, {RowChecksum.InPostgres(entity)} AS h FROM {SourceTable(entity)}) AS r GROUP BY tenant_id", source)
        {
            CommandTimeout = 0,
        };
        return await ReadAsync(command, reader => new TenantChecksum(reader.GetInt64(1), reader.GetString(2)), cancellationToken);
    }

    /// <summary>Reads what the warehouse has of the source, as it was at the position.</summary>
    public static Task<Dictionary<string, TenantChecksum>> ReadAsync(DuckDBConnection warehouse, EntityTable table, string source, ulong lsn, CancellationToken cancellationToken)
    {
        var command = warehouse.CreateCommand();
        command.CommandText = $"""
            SELECT tenant_id, count(*), CAST(sum(h) AS VARCHAR)
            FROM (SELECT tenant_id, {RowChecksum.InDuckDb(table.Entity)} AS h FROM {table.Versions} WHERE {At(lsn)}) AS r GROUP BY tenant_id
            """;
        command.Parameters.Add(new DuckDBParameter("source", source));
        return ReadAsync(command, reader => new TenantChecksum(reader.GetInt64(1), reader.GetString(2)), cancellationToken);
    }

    /// <summary>Each row of a tenant in the source: the key as text, and the row's checksum.</summary>
    /// <exception cref="NpgsqlException">Postgres refuses, or is lost.</exception>
    public static async Task<Dictionary<string, string>> ReadRowsAsync(NpgsqlConnection source, EntityContract entity, string tenant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {EntityTable.Quote(entity.Key.Name)}::text, ({RowChecksum.InPostgres(entity)})::text FROM {SourceTable(entity)} WHERE tenant_id = $1", source)
        {
            CommandTimeout = 0, Parameters = { new() { Value = tenant } },
        };
        return await ReadAsync(command, reader => reader.GetString(1), cancellationToken);
    }

    /// <summary>Each row of a tenant in the warehouse, as it was at the position.</summary>
    public static Task<Dictionary<string, string>> ReadRowsAsync(
        DuckDBConnection warehouse, EntityTable table, string source, string tenant, ulong lsn, CancellationToken cancellationToken)
    {
        var command = warehouse.CreateCommand();
        command.CommandText = $"""
            SELECT CAST({EntityTable.Quote(table.Entity.Key.Name)} AS VARCHAR), CAST({RowChecksum.InDuckDb(table.Entity)} AS VARCHAR)
            FROM {table.Versions} WHERE tenant_id = $tenant AND {At(lsn)}
            """;
        command.Parameters.Add(new DuckDBParameter("source", source));
        command.Parameters.Add(new DuckDBParameter("tenant", tenant));
        return ReadAsync(command, reader => reader.GetString(1), cancellationToken);
    }

    private static string SourceTable(EntityContract entity) => $"{EntityTable.Quote(ChangeTopics.Schema)}.{EntityTable.Quote(entity.Name)}";

    // A snapshot sees the commits before its position; rows that a snapshot brought carry the position itself.
    private static string At(ulong lsn)
    {
        var position = string.Create(CultureInfo.InvariantCulture, $"{lsn}::UBIGINT");
        return $"_source = $source AND (_commit_lsn < {position} OR (_operation = 'r' AND _commit_lsn = {position})) AND (_to_lsn IS NULL OR (_to_source = _source AND _to_lsn >= {position}))";
    }

    private static async Task<Dictionary<string, T>> ReadAsync<T>(DbCommand command, Func<DbDataReader, T> value, CancellationToken cancellationToken)
    {
        await using (command)
        {
            Dictionary<string, T> found = new(StringComparer.Ordinal);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) found[reader.GetString(0)] = value(reader);
            return found;
        }
    }
}
