using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Platform.Local;

namespace Platform.AppHost.Hosting;

/// <summary>
/// Starts a resource again, with growing delays, when its process ends without having been stopped; Aspire leaves it as it is. Its log, its
/// state and its property <c>restarts</c> show it.
/// </summary>
internal sealed class CrashRestart(
    ResourceMonitor monitor, ResourceCommandService commands, ResourceNotificationService notifications, ResourceLoggerService logs,
    IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>
    /// Exit code of a process that cannot run with its configuration (sysexits' EX_CONFIG): another start would end the same way.
    /// </summary>
    private const int CannotRun = 78;

    private const string RestartText = "Restart";

    /// <summary>Time in which a start is seen to have begun.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Restarts> _restarts = new(StringComparer.Ordinal);

    public void Begin() => monitor.Subscribe(OnChange);

    /// <summary>How often a resource was started again.</summary>
    public int CountOf(string resource) => _restarts.GetValueOrDefault(resource)?.Count ?? 0;

    private void OnChange(ResourceState? before, ResourceState now)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return;
        var restarts = _restarts.GetOrAdd(now.Name, _ => new Restarts(new RestartDelay(time)));
        if (now.IsRunning && before?.IsRunning != true) restarts.Delay.Begin();
        // Through "Stopping" goes what somebody stopped, in Aspire's dashboard or by a command.
        if (now.State == KnownResourceStates.Stopping) restarts.IsStopped = true;
        else if (now.IsRunning) restarts.IsStopped = false;

        // The end is reported more than once.
        if (!now.HasEnded || restarts.IsStopped || restarts.IsUnderWay || now.ExitCode == CannotRun) return;
        restarts.IsUnderWay = true;
        _ = RestartAsync(now, restarts, lifetime.ApplicationStopping);
    }

    private async Task RestartAsync(ResourceState ended, Restarts restarts, CancellationToken stopping)
    {
        var logger = logs.GetLogger(ended.Resource);
        try
        {
            while (true)
            {
                var wait = restarts.Delay.Next();
                restarts.Count++;
                var end = ended.ExitCode is { } code ? $"exit code {code.ToString(CultureInfo.InvariantCulture)}" : "an unknown end";
                var text = string.Create(CultureInfo.InvariantCulture, $"{RestartText} in {wait.TotalSeconds:0.#} s after {end}");
                logger.Restarting(text);
                await notifications.PublishUpdateAsync(ended.Resource, snapshot => snapshot with
                {
                    State = new ResourceStateSnapshot(text, KnownResourceStateStyles.Warn),
                    Properties = [.. snapshot.Properties.Where(property => property.Name != "restarts"), new ResourcePropertySnapshot("restarts", restarts.Count)],
                });
                await Task.Delay(wait, time, stopping);
                // Somebody may have been faster.
                if (monitor.Find(ended.Resource) is { HasProcess: true }) return;
                await commands.ExecuteCommandAsync(ended.Resource, KnownResourceCommands.StartCommand, stopping);
                if (await HasStartedAsync(ended.Resource, stopping)) return;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            restarts.IsUnderWay = false;
        }
    }

    private async Task<bool> HasStartedAsync(IResource resource, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(StartPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            await monitor.WaitAsync(all => HasBegun(all.Find(resource)), either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool HasBegun(ResourceState? now) =>
        now is { HasEnded: false, State: { } state } && !state.StartsWith(RestartText, StringComparison.Ordinal);

    private sealed class Restarts(RestartDelay delay)
    {
        public RestartDelay Delay { get; } = delay;

        public int Count { get; set; }

        public bool IsStopped { get; set; }

        public bool IsUnderWay { get; set; }
    }
}
