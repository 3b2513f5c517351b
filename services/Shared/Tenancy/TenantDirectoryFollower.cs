using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.Tenancy;

/// <summary>Keeps <see cref="TenantDirectory"/> current: a request waits at the schema service until something has changed.</summary>
internal sealed class TenantDirectoryFollower(
    TenantDirectory directory, TimeProvider clock, ILogger<TenantDirectoryFollower> logger) : BackgroundService
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retryDelay = TimeSpan.FromMilliseconds(100);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var before = directory.Snapshot.Version;
                await directory.FollowAsync(stoppingToken);
                if (directory.Snapshot.Version != before)
                    logger.Updated(directory.Snapshot.Version, directory.Snapshot.Tenants.Count);
                retryDelay = TimeSpan.FromMilliseconds(100);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
            {
                logger.Unreachable(exception.Message, directory.Snapshot.Version);
                await Task.Delay(retryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retryDelay = TimeSpan.FromTicks(Math.Min(retryDelay.Ticks * 2, LongestRetryDelay.Ticks));
            }
        }
    }
}
