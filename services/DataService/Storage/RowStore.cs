using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Platform.Contracts;
using Platform.DataService.Bulk;
using Platform.DataService.Queries;
using Platform.DataService.Values;
using Platform.Replication;
using Platform.Tenancy;

namespace Platform.DataService.Storage;

/// <summary>
/// Reads and writes a tenant's rows. Each is one round trip: the tenant's setting, the statement and the log position travel in
/// one batch.
/// </summary>
internal sealed class RowStore(TenantStorage storage)
{
    // The position is read before the snapshot of the next statement is taken, so everything up to it is in that snapshot. On a primary a
    // commit is durable an instant before it is visible, hence minus one: an equal position may have been read in that instant.
    private const string BeginRead = """
        SELECT set_config('app.tenant_id', $1, true),
               CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() - 1 END
        """;

    // Everything the snapshot of the statement before saw was durable by now.
    private const string EndRead = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END";

    private const string SetTenant = "SELECT set_config('app.tenant_id', $1, true)";

    // The change capture hands the trace on with the changes of the transaction.
    private const string SetTenantAndTrace = "SELECT set_config('app.tenant_id', $1, true), pg_logical_emit_message(true, 'platform.trace', $2)";

    // Read after the commit, whose position it therefore covers. The flush position ends on a record that replicas are being sent, while
    // the insert position may stand behind another session's unfinished transaction or just past a page header.
    private const string CommitToken = """
        SELECT pg_current_wal_flush_lsn(), ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::bigint
        """;

    /// <summary>One row by its key.</summary>
    public async Task<ReadResult> FindAsync(
        TenantPlacement tenant, EntityContract entity, object key, CancellationToken cancellationToken)
    {
        var sql = storage.Statements(tenant, entity);
        await using var batch = storage.Connections(tenant).CreateBatch();
        Add(batch, BeginRead, Text(tenant.Id));
        Add(batch, sql.Find, Text(tenant.Id), EntitySql.Parameter(entity.Key, key));
        Add(batch, EndRead);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var covers = await ReadLsnAsync(reader, 1, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        byte[]? body = null;
        var xmin = 0ul;
        if (await reader.ReadAsync(cancellationToken))
        {
            body = RowWriter.ToJson(reader, entity.Columns);
            xmin = reader.GetFieldValue<ulong>(entity.Columns.Count);
        }

        await reader.NextResultAsync(cancellationToken);
        return new(body, covers, await ReadLsnAsync(reader, 0, cancellationToken), xmin);
    }

    /// <summary>A page of rows as the answer's JSON, with the cursor of the next page.</summary>
    public async Task<ReadResult> ListAsync(
        TenantPlacement tenant, ListQuery query, CancellationToken cancellationToken)
    {
        var statement = query.ToSql(storage.Statements(tenant, query.Entity), tenant.Id);
        await using var batch = storage.Connections(tenant).CreateBatch();
        Add(batch, BeginRead, Text(tenant.Id));
        Add(batch, statement.Sql, [.. statement.Parameters]);
        Add(batch, EndRead);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var covers = await ReadLsnAsync(reader, 1, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var buffer = new ArrayBufferWriter<byte>(4096);
        await using (var json = new Utf8JsonWriter(buffer, RowWriter.Options))
        {
            await query.WritePageAsync(json, reader, cancellationToken);
        }

        await reader.NextResultAsync(cancellationToken);
        return new(buffer.WrittenSpan.ToArray(), covers, await ReadLsnAsync(reader, 0, cancellationToken), 0);
    }

    /// <summary>Creates a row.</summary>
    public Task<WriteResult> InsertAsync(
        TenantPlacement tenant, EntityContract entity, RowInput input, CancellationToken cancellationToken)
    {
        var statement = storage.Statements(tenant, entity).Insert([.. input.Values.Select(v => v.Column)]);
        return WriteAsync(tenant, entity, statement, [Text(tenant.Id), .. Parameters(input.Values)], created: true, cancellationToken);
    }

    /// <summary>Changes the given columns of a row.</summary>
    public Task<WriteResult> UpdateAsync(
        TenantPlacement tenant, EntityContract entity, object key, RowInput input, CancellationToken cancellationToken)
    {
        var values = WithoutKey(entity, input);
        var statement = storage.Statements(tenant, entity).Update([.. values.Select(v => v.Column)]);
        return WriteAsync(tenant, entity, statement, [Text(tenant.Id), EntitySql.Parameter(entity.Key, key), .. Parameters(values)], created: false, cancellationToken);
    }

    /// <summary>Replaces a row, or creates it.</summary>
    public Task<WriteResult> PutAsync(
        TenantPlacement tenant, EntityContract entity, object key, RowInput input, CancellationToken cancellationToken)
    {
        var values = WithoutKey(entity, input);
        var statement = storage.Statements(tenant, entity).Put([.. values.Select(v => v.Column)]);
        return WriteAsync(tenant, entity, statement, [Text(tenant.Id), EntitySql.Parameter(entity.Key, key), .. Parameters(values)], created: null, cancellationToken);
    }

    /// <summary>Removes a row; the result's body is empty, or null when there was none.</summary>
    public Task<WriteResult> DeleteAsync(
        TenantPlacement tenant, EntityContract entity, object key, CancellationToken cancellationToken) =>
        WriteAsync(tenant, entity, storage.Statements(tenant, entity).Delete, [Text(tenant.Id), EntitySql.Parameter(entity.Key, key)], created: false, cancellationToken);

    /// <summary>Begins the transaction of a bulk load for the tenant.</summary>
    public async Task<BulkTransaction> BeginBulkAsync(TenantPlacement tenant, EntityContract entity, CancellationToken cancellationToken)
    {
        var connection = await storage.Connections(tenant).OpenConnectionAsync(cancellationToken);
        try
        {
            return await BulkTransaction.BeginAsync(connection, tenant.Id, entity, storage.Statements(tenant, entity), Beginning(tenant), CommitToken, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    internal static async Task<ConsistencyToken> ReadTokenAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        return new((uint)reader.GetInt64(1), (ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(0));
    }

    private async Task<WriteResult> WriteAsync(
        TenantPlacement tenant, EntityContract entity, string statement, NpgsqlParameter[] parameters, bool? created, CancellationToken cancellationToken)
    {
        await using var connection = await storage.Connections(tenant).OpenConnectionAsync(cancellationToken);
        await using var batch = connection.CreateBatch();
        Add(batch, "BEGIN");
        batch.BatchCommands.Add(Beginning(tenant));
        Add(batch, statement, parameters);
        Add(batch, "COMMIT");
        Add(batch, CommitToken);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken); // past set_config
        byte[]? body = null;
        if (statement.StartsWith("DELETE", StringComparison.Ordinal))
        {
            // A DELETE has no result set of its own; the reader stands at the token.
            return new(batch.BatchCommands[2].RecordsAffected > 0 ? [] : null, false, await ReadTokenAsync(reader, cancellationToken));
        }

        if (await reader.ReadAsync(cancellationToken))
        {
            body = RowWriter.ToJson(reader, entity.Columns);
            created ??= reader.GetBoolean(entity.Columns.Count);
        }

        await reader.NextResultAsync(cancellationToken);
        return new(body, created ?? false, await ReadTokenAsync(reader, cancellationToken));
    }

    // The first command of a transaction that writes.
    private static NpgsqlBatchCommand Beginning(TenantPlacement tenant)
    {
        if (Activity.Current is not { Recorded: true, Id: { } trace }) return new(SetTenant) { Parameters = { Text(tenant.Id) } };
        return new(SetTenantAndTrace) { Parameters = { Text(tenant.Id), Text(trace) } };
    }

    private static List<(ColumnContract Column, object? Value)> WithoutKey(EntityContract entity, RowInput input) =>
        input.Values.FindAll(v => v.Column != entity.Key);

    private static IEnumerable<NpgsqlParameter> Parameters(IEnumerable<(ColumnContract Column, object? Value)> values) =>
        values.Select(v => EntitySql.Parameter(v.Column, v.Value));

    private static async Task<ulong> ReadLsnAsync(NpgsqlDataReader reader, int ordinal, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        return (ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(ordinal);
    }

    private static void Add(NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }
}
