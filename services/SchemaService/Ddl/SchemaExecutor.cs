using Npgsql;

namespace Platform.SchemaService.Ddl;

/// <summary>
/// Runs steps and records each statement. A step never waits long for a lock, for everybody who comes after it waits with it: it gives up
/// and tries again.
/// </summary>
internal sealed class SchemaExecutor(TimeProvider clock, ILogger<SchemaExecutor> logger)
{
    private const int MostAttempts = 100;
    private const string ShortLockTimeout = "SET lock_timeout = '200ms'";
    private const string NoLockTimeout = "SET lock_timeout = 0";

    private const string Record = """
        INSERT INTO control.schema_changes (contract, contract_version, statement, milliseconds)
        SELECT $1, $2, statement, milliseconds FROM unnest($3::text[], $4::float8[]) AS executed (statement, milliseconds)
        """;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(300);

    public async Task RunAsync(NpgsqlConnection connection, SchemaStep step, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryRunAsync(connection, step, cancellationToken);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < MostAttempts)
            {
                logger.LockBusy(step.Contract, attempt, exception.MessageText);
                await Task.Delay(RetryDelay, clock, cancellationToken);
            }
        }
    }

    private async Task TryRunAsync(NpgsqlConnection connection, SchemaStep step, CancellationToken cancellationToken)
    {
        // Building concurrently waits for older transactions without a lock that others would queue behind.
        await ExecuteAsync(connection, step.InTransaction ? ShortLockTimeout : NoLockTimeout, cancellationToken);
        await using var transaction = step.InTransaction ? await connection.BeginTransactionAsync(cancellationToken) : null;
        var durations = new double[step.Statements.Count];
        for (var i = 0; i < durations.Length; i++)
        {
            var started = clock.GetTimestamp();
            await ExecuteAsync(connection, step.Statements[i], cancellationToken);
            durations[i] = clock.GetElapsedTime(started).TotalMilliseconds;
        }

        await using var record = new NpgsqlCommand(Record, connection)
        {
            Parameters =
            {
                new() { Value = step.Contract },
                new() { Value = step.ContractVersion },
                new() { Value = step.Statements.ToArray() },
                new() { Value = durations },
            },
        };
        await record.ExecuteNonQueryAsync(cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
