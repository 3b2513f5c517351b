using Microsoft.Extensions.Options;
using Npgsql;
using Platform.SchemaService.Ddl;

namespace Platform.SchemaService.Partitions;

/// <summary>
/// Keeps the months ahead supplied with partitions. It applies the contracts once more: with a new month the tables that there have to be
/// are others, and what was changed by hand meanwhile is put right too.
/// </summary>
internal sealed class PartitionPremaker(
    SchemaApplier applier, DeploymentState state, IOptions<PartitionOptions> options, TimeProvider clock, ILogger<PartitionPremaker> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await state.Completed.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.CheckInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var statements = await applier.ApplyAsync(state.ControlSchemaApplied, stoppingToken);
                if (statements > 0) logger.Applied(statements);
            }
            catch (Exception exception) when (
                exception is NpgsqlException or TimeoutException or SchemaConflictException or InvalidOperationException)
            {
                logger.Failed(exception.Message);
            }
        }
    }
}
