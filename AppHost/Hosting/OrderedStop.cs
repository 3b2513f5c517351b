using Microsoft.Extensions.Hosting;

namespace Platform.AppHost.Hosting;

/// <summary>
/// Stops the resources in reverse order of their start: one stops when nothing that still runs waited for it. Aspire itself stops all at
/// once, and a Postgres primary that is shut down while services use it loses what they were about to do.
/// </summary>
internal sealed class OrderedStop(ResourceMonitor monitor, ResourceCommandService commands, StartReport report, TimeProvider time) : IHostedService
{
    /// <summary>Time for one resource to stop; what is left when the host ends is killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private bool _hasStopped;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host in a test is stopped by the test and once more by its entry point.
        if (Interlocked.Exchange(ref _hasStopped, true)) return;
        report.Stopping();
        var started = time.GetTimestamp();
        await StopAllAsync(cancellationToken);
        StartReport.Stopped(time.GetElapsedTime(started));
    }

    /// <summary>Stops every resource that runs, in order.</summary>
    public async Task StopAllAsync(CancellationToken cancellationToken)
    {
        // What never started, waits, or is about to be started again has nothing to stop, and holds up nothing that it would have used.
        var left = monitor.States.Where(state => state.HasProcess).Select(state => state.Resource).ToList();
        List<Task> orders = [];
        while (left.Count > 0)
        {
            var needed = left.SelectMany(DependenciesOf).ToHashSet(StringComparer.Ordinal);
            var next = left.Where(resource => !needed.Contains(resource.Name)).ToList();
            if (next.Count == 0) next = left;
            await Task.WhenAll(next.Select(resource => StopAsync(resource, orders, cancellationToken)));
            left = [.. left.Except(next)];
        }

        // A stop command goes on until it has seen the end; until then it would stop what is started again.
        await Task.WhenAll(orders).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static IEnumerable<string> DependenciesOf(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name);

    private async Task StopAsync(IResource resource, List<Task> orders, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            // The command itself asks now and then whether the process has ended; its state is reported at once.
            orders.Add(commands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, cancellationToken));
            await monitor.WaitAsync(all => all.Find(resource) is not { HasProcess: true }, either.Token);
        }
        catch (OperationCanceledException)
        {
            // Aspire kills what is left.
        }
    }
}
