using Npgsql;

namespace Platform.Faults.Campaign;

/// <summary>
/// Writes one random transaction after another for one tenant, as an application at the database would: rows by the piece and by the dozen, changes, deletions, rollbacks. A
/// lost connection is opened again.
/// </summary>
internal sealed class Writer(string connectionString, string tenant, int seed)
{
    private static readonly TimeSpan BetweenTransactions = TimeSpan.FromMilliseconds(10), BetweenAttempts = TimeSpan.FromMilliseconds(100);

    // The numbers decide what is done, not whether it is safe.
    private readonly Random _random = new(seed);

    /// <summary>Transactions of which Postgres said that they are committed.</summary>
    public int Committed { get; private set; }

    /// <summary>Writes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(cancellationToken);
                while (true)
                {
                    await WriteAsync(connection, cancellationToken);
                    await Task.Delay(BetweenTransactions, TimeProvider.System, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException exception) when (exception is not PostgresException { SqlState: [not '5', ..] })
            {
                // Class 57 is the server going down; everything else that Postgres itself says is a mistake of this test.
                await Task.Delay(BetweenAttempts, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT set_config('app.tenant_id', $1, true)", cancellationToken, tenant);
        for (var statement = _random.Next(1, 5); statement > 0; statement--)
        {
            var undone = _random.Next(10) == 0;
            if (undone) await transaction.SaveAsync("undone", cancellationToken);
            await WriteOneAsync(connection, cancellationToken);
            if (undone) await transaction.RollbackAsync("undone", cancellationToken);
        }

        if (_random.Next(12) == 0)
        {
            await transaction.RollbackAsync(cancellationToken);
            return;
        }

        await transaction.CommitAsync(cancellationToken);
        Committed++;
    }

    private Task WriteOneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (number, some) = (_random.Next(1_000_000), (long)_random.Next(1, 400));
        return _random.Next(8) switch
        {
            0 or 1 => ExecuteAsync(
                connection,
                """
                INSERT INTO app.customers (tenant_id, customer_id, first_name, last_name, address, city, country, email)
                VALUES ($1, $2, $3, 'Test', '1 Test Street', 'Oslo', 'Norway', 'a@example.com')
                ON CONFLICT (tenant_id, customer_id) DO UPDATE SET first_name = excluded.first_name
                """,
                cancellationToken, tenant, some, $"n{number}"),
            2 => ExecuteAsync(
                connection,
                """
                INSERT INTO app.customers (tenant_id, customer_id, first_name, last_name, address, city, country, email)
                SELECT $1, $2 + n, $3 || '-' || n, 'Test', '1 Test Street', 'Bergen', 'Norway', 'a@example.com' FROM generate_series(0, 11) n
                ON CONFLICT (tenant_id, customer_id) DO UPDATE SET city = 'Bergen', first_name = excluded.first_name
                """,
                cancellationToken, tenant, some, $"m{number}"),
            3 => ExecuteAsync(connection, "UPDATE app.customers SET city = $2 WHERE tenant_id = $1 AND customer_id = $3", cancellationToken, tenant, $"c{number}", some),
            4 => ExecuteAsync(
                connection, "UPDATE app.customers SET city = $2 || customer_id WHERE tenant_id = $1 AND customer_id BETWEEN $3 AND $3 + 15", cancellationToken, tenant, $"u{number}", some),
            5 => ExecuteAsync(connection, "DELETE FROM app.customers WHERE tenant_id = $1 AND customer_id BETWEEN $2 AND $2 + 3", cancellationToken, tenant, some),
            6 => ExecuteAsync(
                connection,
                """
                INSERT INTO app.products (tenant_id, product_id, name, artist, album, genre, media_type, milliseconds, bytes, unit_price)
                VALUES ($1, $2, $3, 'Test', 'Test', 'Test', 'Test', 1, 1, $4)
                ON CONFLICT (tenant_id, product_id) DO UPDATE SET unit_price = excluded.unit_price
                """,
                cancellationToken, tenant, some, $"p{number}", (long)number),
            _ => ExecuteAsync(connection, "DELETE FROM app.products WHERE tenant_id = $1 AND product_id = $2", cancellationToken, tenant, some),
        };
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
