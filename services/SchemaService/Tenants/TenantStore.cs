using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.SchemaService.Ddl;
using Platform.SchemaService.Directory;
using Platform.Tenancy;

namespace Platform.SchemaService.Tenants;

/// <summary>The tenants. Every change wakes the followers of the directory.</summary>
internal sealed class TenantStore(
    NpgsqlDataSource database, ContractSet contracts, DirectorySignal directory, IOptions<PlacementOptions> placement, TimeProvider clock)
{
    private const string Insert = $"""
        INSERT INTO control.tenants ({TenantRow.Columns}, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string SetStatus = $"UPDATE control.tenants SET status = $2 WHERE id = $1 RETURNING {TenantRow.Columns}";

    /// <summary>The tenant, or null when there is one of that id.</summary>
    public async Task<TenantPlacement?> CreateAsync(string id, string name, CancellationToken cancellationToken)
    {
        var tenant = new TenantPlacement(
            id, name, TenantStatus.Active, placement.Value.Cluster, placement.Value.Database, DatabaseNames.AppSchema, TenantMode.Shared);
        await using var command = database.CreateCommand(Insert);
        object[] values =
        [
            tenant.Id, tenant.Name, TenantRow.Text(tenant.Status), tenant.Cluster, tenant.Database, tenant.Schema,
            TenantRow.Text(tenant.Mode), clock.GetUtcNow(),
        ];
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return null;

        directory.Changed();
        return tenant;
    }

    /// <summary>The tenant with its new status, or null when there is none of that id.</summary>
    public async Task<TenantPlacement?> SetStatusAsync(string id, TenantStatus status, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SetStatus);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = TenantRow.Text(status) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;

        var tenant = TenantRow.Read(reader);
        directory.Changed();
        return tenant;
    }

    /// <summary>
    /// Removes the tenant and all its rows; false when there is none of that id. It is suspended first, so that what is removed is not
    /// written again meanwhile, and stays so when the removal fails: then remove it once more.
    /// </summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (await SetStatusAsync(id, TenantStatus.Suspended, cancellationToken) is not { } tenant) return false;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The owner of the tables is under their policies too.
        await ExecuteAsync(connection, "SELECT set_config('app.tenant_id', $1, true)", id, cancellationToken);
        foreach (var entity in contracts.Entities.Reverse())
        {
            var table = Sql.Name(tenant.Schema, entity.Name);
            await ExecuteAsync(connection, $"DELETE FROM {table} WHERE {DatabaseNames.TenantColumn} = $1", id, cancellationToken);
        }

        await ExecuteAsync(connection, "DELETE FROM control.tenants WHERE id = $1", id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        directory.Changed();
        return true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, string id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = id } }, CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
