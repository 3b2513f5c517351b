using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Spectre.Console;

namespace Aspire.Hosting.Reporting;

/// <summary>Tells a person how the start goes: each change, then a table when everything is up, or what is not and why.</summary>
internal sealed class StartReport : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Colours = ["aqua", "yellow", "fuchsia", "lime", "dodgerblue1", "orange1", "mediumpurple1", "springgreen2", "hotpink", "gold1"];

    private readonly IReadOnlyList<RunningResource> _resources;
    private readonly LocalHostSettings _settings;
    private readonly string _hostUrl;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _started;
    private readonly int _width;
    private Task _reporting = Task.CompletedTask;

    public StartReport(IReadOnlyList<RunningResource> resources, LocalHostSettings settings, string hostUrl, TimeProvider time)
    {
        (_resources, _settings, _hostUrl, _time) = (resources, settings, hostUrl, time);
        _started = time.GetTimestamp();
        _width = resources.Select(resource => resource.Name.Length).DefaultIfEmpty().Max();
        for (var i = 0; i < resources.Count; i++)
        {
            var (name, colour) = (resources[i].Name, Colours[i % Colours.Length]);
            resources[i].Subscribe(ReportChange);
            if (!settings.Quiet) resources[i].Log.Subscribe(line => HostConsole.Line(name, _width, colour, line.Text));
        }
    }

    private string Elapsed => _time.GetElapsedTime(_started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    public void Begin()
    {
        HostConsole.Line($"Starting {_resources.Count} resources. Data and logs: {Markup.Escape(_settings.Data)}. States: {_hostUrl}/resources");
        _reporting = ReportAsync(_stopping.Token);
    }

    public void Stopping()
    {
        _stopping.Cancel();
        HostConsole.Line("Stopping.");
    }

    public void Stopped(TimeSpan after) => HostConsole.Line($"Stopped after {after.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s.");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reporting;
        _stopping.Dispose();
    }

    private static string Colour(ResourceState state) => state switch
    {
        ResourceState.Healthy or ResourceState.Running or ResourceState.Exited => "green",
        ResourceState.Failed => "red",
        ResourceState.Unhealthy or ResourceState.Backoff => "orange1",
        _ => "grey",
    };

    private void ReportChange(RunningResource resource, ResourceStatus before)
    {
        var now = resource.Status;
        if (now.State == before.State || _stopping.IsCancellationRequested) return;
        var detail = now.Detail is null ? "" : ": " + Markup.Escape(now.Detail);
        HostConsole.Line($"[{Colour(now.State)}]{Markup.Escape(resource.Name.PadRight(_width))} * {now.State.ToString().ToLowerInvariant()}[/]{detail} [grey]({Elapsed})[/]");
    }

    private async Task ReportAsync(CancellationToken stopping)
    {
        try
        {
            var ready = Task.WhenAll(_resources.Select(resource => resource.WhenAsync(one => one.IsReady, stopping)));
            var failed = Task.WhenAny(_resources.Select(resource => resource.WhenAsync(one => one.Status.State == ResourceState.Failed, stopping)));
            await Task.WhenAny(ready, failed, Task.Delay(Patience, _time, stopping));
            stopping.ThrowIfCancellationRequested();
            if (!ready.IsCompletedSuccessfully)
            {
                ReportMissing();
                await ready;
            }

            ReportTable();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nobody wants to read it any more.
        }
    }

    private void ReportMissing()
    {
        HostConsole.Line($"[orange1]Not everything is up after {Elapsed}:[/]");
        foreach (var resource in _resources.Where(resource => !resource.IsReady))
        {
            var status = resource.Status;
            HostConsole.Line($"  [{Colour(status.State)}]{Markup.Escape(resource.Name)}[/] {status.State.ToString().ToLowerInvariant()}: " +
                $"{Markup.Escape(status.Detail ?? "no reason known")} [grey]({Markup.Escape(Path.Combine(_settings.Logs, resource.Name + ".log"))})[/]");
        }
    }

    private void ReportTable()
    {
        var table = new Table().RoundedBorder().AddColumns("resource", "state", "address", "process");
        foreach (var resource in _resources)
        {
            var state = resource.Status.State;
            table.AddRow(
                Markup.Escape(resource.Name), $"[{Colour(state)}]{state.ToString().ToLowerInvariant()}[/]",
                Markup.Escape(string.Join(", ", AddressesOf(resource))), resource.ProcessId?.ToString() ?? "");
        }

        HostConsole.Write(table);
        HostConsole.Line($"[green]All {_resources.Count} resources are up after {Elapsed}.[/] Ctrl-C stops them.");
        foreach (var (resource, endpoint) in Endpoints().Where(pair => pair.Endpoint.IsExternal))
            HostConsole.Line($"[bold]{Markup.Escape(resource.Name)}[/]: [link]http://localhost:{endpoint.AllocatedPort}[/]");
    }

    private IEnumerable<(RunningResource Resource, EndpointAnnotation Endpoint)> Endpoints() =>
        _resources.SelectMany(resource => resource.Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (resource, endpoint)));

    private static IEnumerable<string> AddressesOf(RunningResource resource) => resource.Resource.Annotations.OfType<EndpointAnnotation>()
        .Where(endpoint => endpoint.Name != "health" && endpoint.AllocatedPort is not null)
        .Select(endpoint => endpoint.UriScheme == "tcp" ? $"127.0.0.1:{endpoint.AllocatedPort}" : $"{endpoint.UriScheme}://127.0.0.1:{endpoint.AllocatedPort}");
}
