using System.ComponentModel;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Keeps one resource running: waits for what it needs, starts it, watches its health, and starts it again when it ends.</summary>
internal sealed class ResourceRunner(RunningResource resource, ProcessCommand command, HealthCheck health, bool isJob, TimeProvider time) : IDisposable
{
    /// <summary>Exit code of a process that cannot run as it is set up (sysexits' EX_CONFIG): starting it again would not help.</summary>
    private const int CannotRun = 78;

    private static readonly TimeSpan WhileStarting = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly RestartDelay _delay = new(time);
    private Task _running = Task.CompletedTask;
    private TimeSpan _stopPatience;

    public RunningResource Resource => resource;

    public void Begin(IReadOnlyDictionary<string, RunningResource> all) => _running = RunAsync(all, _stopping.Token);

    /// <summary>Stops the process; forcibly when it has not ended after <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        _stopPatience = patience;
        await _stopping.CancelAsync();
        await _running;
        if (resource.Status.State is not (ResourceState.Failed or ResourceState.Exited)) resource.Become(ResourceState.Stopped);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(IReadOnlyDictionary<string, RunningResource> all, CancellationToken stopping)
    {
        try
        {
            await WaitAsync(all, stopping);
            while (!stopping.IsCancellationRequested && await RunOnceAsync(stopping) is { } end)
            {
                var wait = _delay.Next();
                resource.Restarts++;
                resource.Become(ResourceState.Backoff, $"restart in {wait.TotalSeconds:0.#} s after {end}");
                await Task.Delay(wait, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped while it waited.
        }
        catch (DistributedApplicationException exception)
        {
            resource.Become(ResourceState.Failed, exception.Message);
        }
        catch (InvalidOperationException exception)
        {
            resource.Become(ResourceState.Failed, exception.Message);
        }
    }

    private async Task WaitAsync(IReadOnlyDictionary<string, RunningResource> all, CancellationToken stopping)
    {
        foreach (var wait in resource.Resource.Annotations.OfType<WaitAnnotation>())
        {
            if (!all.TryGetValue(wait.Resource.Name, out var dependency)) continue;
            if (!IsMet(dependency, wait)) resource.Become(ResourceState.Waiting, $"waiting for {dependency.Name}");
            await dependency.WhenAsync(other => IsMet(other, wait), stopping);
        }
    }

    private static bool IsMet(RunningResource dependency, WaitAnnotation wait) => wait.Type switch
    {
        WaitType.Healthy => dependency.IsReady,
        WaitType.Started => dependency.Status.State is not (ResourceState.Waiting or ResourceState.Backoff or ResourceState.Failed),
        _ => dependency.Status.State is ResourceState.Exited && dependency.ExitCode == wait.ExitCode,
    };

    /// <summary>Runs the process to its end; null when it is not to be started again, otherwise how it ended.</summary>
    private async Task<string?> RunOnceAsync(CancellationToken stopping)
    {
        _delay.Begin();
        var start = await command.CreateAsync(resource.Resource, stopping);
        ChildProcess process;
        try
        {
            process = ChildProcess.Start(start, resource.Log, time);
        }
        catch (Win32Exception exception)
        {
            throw new DistributedApplicationException($"{start.FileName} cannot be started: {exception.Message}", exception);
        }

        using (process)
        {
            resource.ProcessId = process.Id;
            resource.Become(resource.HasHealthCheck ? ResourceState.Starting : ResourceState.Running);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var watching = WatchAsync(ended.Token);
            var exitCode = await WaitAsync(process, stopping);
            await ended.CancelAsync();
            await watching;
            resource.ProcessId = null;
            resource.ExitCode = exitCode;
            if (stopping.IsCancellationRequested) return null;
            if (exitCode == 0 && isJob)
            {
                resource.Become(ResourceState.Exited, "done");
                return null;
            }

            if (exitCode == CannotRun)
            {
                resource.Become(ResourceState.Failed, resource.Log.Tail(1) is [var last] ? last.Text : $"exit code {exitCode}");
                return null;
            }

            return $"exit code {exitCode}";
        }
    }

    private async Task<int> WaitAsync(ChildProcess process, CancellationToken stopping)
    {
        try
        {
            return await process.WaitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return await process.StopAsync(_stopPatience);
        }
    }

    private async Task WatchAsync(CancellationToken ended)
    {
        if (!resource.HasHealthCheck) return;
        try
        {
            while (true)
            {
                await Task.Delay(resource.Status.State == ResourceState.Healthy ? WhileHealthy : WhileStarting, time, ended);
                var problem = await health.FindProblemAsync(resource.Resource, ended);
                if (problem is null) resource.Become(ResourceState.Healthy);
                else resource.Become(resource.Status.State is ResourceState.Healthy or ResourceState.Unhealthy ? ResourceState.Unhealthy : ResourceState.Starting, problem);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The process ended or is being stopped.
        }
    }
}
