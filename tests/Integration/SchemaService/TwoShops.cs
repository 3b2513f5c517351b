using Npgsql;
using Platform.Contracts;
using Platform.Integration.SchemaService;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.SchemaService;

/// <summary>
/// A database with the tables of the real contracts and the rows of two tenants, <c>jane</c> and <c>steve</c>: each has the customer and
/// the order 1; the customer 7 and the order 7 are steve's only.
/// </summary>
public sealed class TwoShops(PlatformServers servers) : IAsyncLifetime
{
    private const string Rows = """
        INSERT INTO app.customers (tenant_id, customer_id, first_name, last_name, address, city, country, email)
        SELECT tenant, id, 'A', 'B', 'C', 'Oslo', 'Norway', tenant || id || '@example.com' FROM (VALUES ('jane', 1), ('steve', 1), ('steve', 7)) AS r (tenant, id);
        INSERT INTO app.orders (tenant_id, order_id, customer_id, ordered_at, billing_address, billing_city, billing_country, total)
        SELECT tenant, id, id, '2025-05-05 10:00+00', 'C', 'Oslo', 'Norway', 999 FROM (VALUES ('jane', 1), ('steve', 1), ('steve', 7)) AS r (tenant, id);
        """;

    private readonly Dictionary<string, NpgsqlDataSource> _byRole = new(StringComparer.Ordinal);

    internal ScratchDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await ScratchDatabase.CreateAsync(servers, CancellationToken.None);
        await Database.ApplyAsync(ContractLoader.Load(), CancellationToken.None);
        await Database.Superuser.ExecuteAsync(Rows, CancellationToken.None);
        foreach (var role in new[] { "platform_api", "platform_readonly", "platform_owner", "platform_cdc", "platform_replication" }) _byRole[role] = Database.As(role);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connections in _byRole.Values) await connections.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>A transaction of a role, for a tenant when one is named; nothing of it stays.</summary>
    internal async Task<RoleTransaction> BeginAsync(string role, string? tenant, CancellationToken cancellationToken)
    {
        var connection = await _byRole[role].OpenConnectionAsync(cancellationToken);
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var begun = new RoleTransaction(connection, transaction);
        if (tenant is not null) await begun.ExecuteAsync($"SELECT set_config('app.tenant_id', '{tenant}', true)", cancellationToken);
        return begun;
    }

    /// <summary>A connection and its open transaction.</summary>
    internal sealed class RoleTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public NpgsqlConnection Connection => connection;

        /// <summary>Rows that the statement touched.</summary>
        public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }

        public async Task<T> ReadAsync<T>(string sql, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        /// <summary>The SQLSTATE with which the statement is refused; null when it is not.</summary>
        public async Task<string?> RefusalAsync(string sql, CancellationToken cancellationToken)
        {
            await transaction.SaveAsync("before", cancellationToken);
            try
            {
                await ExecuteAsync(sql, cancellationToken);
                return null;
            }
            catch (PostgresException exception)
            {
                return exception.SqlState;
            }
            finally
            {
                await transaction.RollbackAsync("before", cancellationToken);
            }
        }

        public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
