using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace Platform.AppHost.Hosting;

/// <summary>
/// Tells a person how the start goes: each change of a state, then a table when everything is healthy, or what is not and why.
/// </summary>
internal sealed class StartReport(
    DataFolder folder, ResourceMonitor monitor, IConfiguration configuration, IHostApplicationLifetime lifetime, TimeProvider time, long began)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private int _width;
    private bool _isStopping;

    private string Elapsed => time.GetElapsedTime(began).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    public void Begin()
    {
        _width = monitor.Resources.Max(resource => resource.Name.Length);
        monitor.Subscribe(ReportChange);
        HostConsole.Line($"Starting {monitor.Resources.Count} resources. Data and logs: {Markup.Escape(folder.Path)}");
        _ = ReportAsync(lifetime.ApplicationStopping);
    }

    public void Stopping()
    {
        _isStopping = true;
        HostConsole.Line("Stopping.");
    }

    public static void Stopped(TimeSpan after) => HostConsole.Line($"Stopped after {after.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s.");

    private static string ColourOf(ResourceState state) => state switch
    {
        { IsReady: true } => "green",
        { State: var name } when name == KnownResourceStates.FailedToStart => "red",
        { HasEnded: true } => "orange1",
        _ => "grey",
    };

    private static string TextOf(ResourceState state) => state.IsReady ? "healthy" : state.State?.ToLowerInvariant() ?? "unknown";

    private void ReportChange(ResourceState? before, ResourceState now)
    {
        // Before that it waits for others, which their own lines tell.
        if (_isStopping || now.StartedAt is null || string.IsNullOrEmpty(now.State) || (before is not null && TextOf(before) == TextOf(now))) return;
        var detail = now is { IsRunning: true, IsReady: false, Detail: { } reason } ? ": " + Markup.Escape(reason) : "";
        HostConsole.Line($"[{ColourOf(now)}]{Markup.Escape(now.Name.PadRight(_width))} * {Markup.Escape(TextOf(now))}[/]{detail} [grey]({Elapsed})[/]");
    }

    private async Task ReportAsync(CancellationToken stopping)
    {
        try
        {
            var ready = monitor.WaitAsync(IsUp, stopping);
            await Task.WhenAny(ready, Task.Delay(Patience, time, stopping));
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
            // The host stops.
        }
    }

    private static bool IsUp(ResourceMonitor all) => all.Resources.All(resource => all.Find(resource) is { IsReady: true } or { IsNotStarted: true });

    private void ReportMissing()
    {
        HostConsole.Line($"[orange1]Not everything is healthy after {Elapsed}:[/]");
        foreach (var state in monitor.States.Where(state => state is { IsReady: false, IsNotStarted: false }))
        {
            HostConsole.Line($"  [{ColourOf(state)}]{Markup.Escape(state.Name)}[/] {Markup.Escape(TextOf(state))}: {Markup.Escape(state.Detail ?? "its log says more")} " +
                $"[grey]({Markup.Escape(Path.Combine(folder.Logs, state.Name + ".log"))})[/]");
        }
    }

    private void ReportTable()
    {
        var table = new Table().RoundedBorder().AddColumns("resource", "state", "address", "process");
        foreach (var state in monitor.States)
            table.AddRow(Markup.Escape(state.Name), $"[{ColourOf(state)}]{Markup.Escape(TextOf(state))}[/]", Markup.Escape(AddressOf(state)), state.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "");

        HostConsole.Write(table);
        HostConsole.Line($"[green]All {monitor.States.Count} resources are up after {Elapsed}.[/] Ctrl-C stops them.");
        foreach (var state in monitor.States)
        {
            if (state.Resource.Annotations.OfType<PageAnnotation>().FirstOrDefault() is { } page)
                HostConsole.Line($"[bold]{Markup.Escape(page.Title)}[/]: [link]{Markup.Escape(AddressOf(state))}[/]");
        }

        // There is no token where the dashboard does not run, as in tests.
        if (configuration["AppHost:BrowserToken"] is not { Length: > 0 } token || configuration["ASPNETCORE_URLS"] is not { Length: > 0 } urls) return;
        var link = $"{urls.Split(';')[0]}/login?t={token}";
        HostConsole.Line($"[bold]Aspire's dashboard[/] (resources, logs, traces): [link]{Markup.Escape(link)}[/]");
    }

    private static string AddressOf(ResourceState state) => state.Urls.FirstOrDefault(url => url.Endpoint != "health")?.Url.Replace("tcp://", "", StringComparison.Ordinal) ?? "";
}
