using Npgsql;
using Platform.Contracts;
using Platform.SchemaService.Control;

namespace Platform.SchemaService.Ddl;

/// <summary>Makes the database what the contracts say. Any number of times, and one at a time in the whole cluster.</summary>
internal sealed class SchemaApplier(
    NpgsqlDataSource database, ContractSet contracts, SchemaExecutor executor, TimeProvider clock, ILogger<SchemaApplier> logger)
{
    // The ASCII letters of "platform".
    private const long LockKey = 0x706C6174666F726D;
    private const int MostRounds = 3;

    private static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Applies the control schema, then the tables.</summary>
    /// <param name="controlSchemaApplied">Called when the control plane's own tables can be used.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <returns>How many statements were executed.</returns>
    /// <exception cref="SchemaConflictException">The contracts ask for what needs a migration; no table was changed.</exception>
    public async Task<int> ApplyAsync(Action controlSchemaApplied, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        try
        {
            foreach (var file in await ControlSchema.ApplyAsync(connection, cancellationToken)) logger.ControlSchemaApplied(file);
            controlSchemaApplied();
            return await ApplyTablesAsync(connection, cancellationToken);
        }
        finally
        {
            await UnlockAsync(connection);
        }
    }

    // What a statement brings about is looked at again: default privileges, for instance, give a new table grants that nobody wrote.
    private async Task<int> ApplyTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var executed = 0;
        for (var round = 1; ; round++)
        {
            var designs = TableDesigner.Design(contracts, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
            var plan = SchemaComparison.Compare(designs, await Catalogue.ReadAsync(connection, cancellationToken));
            if (plan.Conflicts.Count > 0) throw new SchemaConflictException(plan.Conflicts);
            if (plan.Steps.Count == 0) return executed;
            if (round > MostRounds)
            {
                throw new InvalidOperationException(
                    $"The tables still differ from the contracts after {MostRounds} rounds. Next would be: {plan.Steps[0].Statements[0]}");
            }

            foreach (var step in plan.Steps)
            {
                await executor.RunAsync(connection, step, cancellationToken);
                executed += step.Statements.Count;
            }
        }
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection)
            {
                Parameters = { new() { Value = LockKey } },
            };
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!) return;
            logger.WaitingForLock();
            await Task.Delay(LockPollInterval, clock, cancellationToken);
        }
    }

    // Without the caller's token: a cancelled application gives the lock back too.
    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        if (connection.State != System.Data.ConnectionState.Open) return;
        await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
