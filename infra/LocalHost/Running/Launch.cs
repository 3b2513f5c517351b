using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Reporting;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>One run of an application, from taking its data folder to stopping its last process.</summary>
internal sealed class Launch : IAsyncDisposable
{
    /// <summary>Time for everything to stop by itself; what is left then is ended. With that it stays below 10 s.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan StopPatienceOfOne = TimeSpan.FromSeconds(4);

    private readonly DataFolder _folder;
    private readonly PortAllocation _ports;
    private readonly HttpClient _client;
    private readonly Dictionary<string, RunningResource> _resources;
    private readonly IReadOnlyList<ResourceRunner> _runners;
    private readonly StateEndpoint _endpoint;
    private readonly StartReport _report;
    private readonly TimeProvider _time;

    private Launch(
        DataFolder folder, PortAllocation ports, HttpClient client, Dictionary<string, RunningResource> resources, IReadOnlyList<ResourceRunner> runners,
        StateEndpoint endpoint, StartReport report, TimeProvider time) =>
        (_folder, _ports, _client, _resources, _runners, _endpoint, _report, _time) = (folder, ports, client, resources, runners, endpoint, report, time);

    public static async Task<Launch> PrepareAsync(
        IReadOnlyList<IResource> model, LocalHostSettings settings, ProjectOutputs outputs, DistributedApplicationExecutionContext context,
        IHostEnvironment environment, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var processes = model.Where(resource => resource is ProjectResource or ExecutableResource or ContainerResource).ToList();
        var folder = DataFolder.Take(settings);
        PortAllocation? ports = null;
        try
        {
            ports = PortAllocation.Allocate(processes);
            var blot = await BlotAsync(model, cancellationToken);
            var resources = processes.ToDictionary(
                resource => resource.Name,
                resource => new RunningResource(resource, new ResourceLog(settings.Logs, resource.Name, blot, time), time),
                StringComparer.Ordinal);
            var endpoint = StateEndpoint.Start(settings.Port, [.. resources.Values], time);
            folder.Announce(endpoint.Url);
            var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            var command = new ProcessCommand(outputs, context, environment, () => endpoint.Url);
            var jobs = processes.SelectMany(resource => resource.Annotations.OfType<WaitAnnotation>())
                .Where(wait => wait.Type == WaitType.Completed).Select(wait => wait.Resource.Name).ToHashSet(StringComparer.Ordinal);
            var runners = resources.Values
                .Select(resource => new ResourceRunner(resource, command, new HealthCheck(client), jobs.Contains(resource.Name), time))
                .ToList();
            var report = new StartReport([.. resources.Values], settings, endpoint.Url, time);
            return new Launch(folder, ports, client, resources, runners, endpoint, report, time);
        }
        catch
        {
            ports?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    public void Begin()
    {
        _report.Begin();
        foreach (var runner in _runners) runner.Begin(_resources);
    }

    /// <summary>Stops in reverse order: a resource ends when nothing that still runs waited for it.</summary>
    public async Task StopAsync()
    {
        _report.Stopping();
        var started = _time.GetTimestamp();
        var left = _runners.ToList();
        while (left.Count > 0)
        {
            var needed = left.SelectMany(runner => runner.Resource.WaitsFor).ToHashSet(StringComparer.Ordinal);
            var next = left.Where(runner => !needed.Contains(runner.Resource.Name)).ToList();
            if (next.Count == 0) next = left;
            var rest = StopPatience - _time.GetElapsedTime(started);
            var patience = rest < TimeSpan.Zero ? TimeSpan.Zero : rest < StopPatienceOfOne ? rest : StopPatienceOfOne;
            await Task.WhenAll(next.Select(runner => runner.StopAsync(patience)));
            left = [.. left.Except(next)];
        }

        _report.Stopped(_time.GetElapsedTime(started));
    }

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        await _report.DisposeAsync();
        _client.Dispose();
        foreach (var runner in _runners) runner.Dispose();
        foreach (var resource in _resources.Values) resource.Log.Dispose();
        _ports.Dispose();
        _folder.Dispose();
    }

    /// <summary>Makes the function that takes secrets out of log lines.</summary>
    private static async Task<Func<string, string>> BlotAsync(IReadOnlyList<IResource> model, CancellationToken cancellationToken)
    {
        var secrets = new List<string>();
        foreach (var parameter in model.OfType<ParameterResource>().Where(parameter => parameter.Secret))
        {
            if (await parameter.GetValueAsync(cancellationToken) is { Length: > 0 } value) secrets.Add(value);
        }

        return line => secrets.Aggregate(line, (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal));
    }
}
