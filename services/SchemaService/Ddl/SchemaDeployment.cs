using System.Net.Sockets;
using Npgsql;

namespace Platform.SchemaService.Ddl;

/// <summary>Applies the contracts when the service starts, as often as it takes until Postgres is there.</summary>
internal sealed class SchemaDeployment(
    SchemaApplier applier, DeploymentState state, TimeProvider clock, ILogger<SchemaDeployment> logger) : BackgroundService
{
    private static readonly TimeSpan ShortestRetryDelay = TimeSpan.FromMilliseconds(250), LongestRetryDelay = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = ShortestRetryDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var started = clock.GetTimestamp();
                var statements = await applier.ApplyAsync(state.ControlSchemaApplied, stoppingToken);
                state.Applied();
                logger.Applied(statements, clock.GetElapsedTime(started).TotalMilliseconds);
                return;
            }
            catch (SchemaConflictException exception)
            {
                // The tables stay as they are, so tenants and the directory go on; readiness tells what has to be decided.
                state.Refused(exception.Message);
                foreach (var conflict in exception.Conflicts) logger.Refused(conflict);
                return;
            }
            catch (Exception exception) when (
                exception is NpgsqlException or SocketException or TimeoutException or InvalidOperationException)
            {
                state.Waiting(exception.Message);
                logger.Waiting(exception.Message, delay.TotalSeconds);
                await Task.Delay(delay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestRetryDelay.Ticks));
            }
        }
    }
}
