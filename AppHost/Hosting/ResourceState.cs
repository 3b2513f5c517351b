using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.AppHost.Hosting;

/// <summary>State of a resource that runs a process or a container, at one moment.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="State">Aspire's name of the state (<see cref="KnownResourceStates"/>); null before the first one.</param>
/// <param name="IsHealthy">True when every health check passes; a resource without one is healthy while it runs.</param>
/// <param name="Detail">What the failing health check reports; null when there is nothing to say.</param>
/// <param name="ProcessId">Its process; null when none runs.</param>
/// <param name="ExitCode">Exit code of its last process; null while none has ended.</param>
/// <param name="StartedAt">Start of its process.</param>
/// <param name="Urls">Its addresses.</param>
internal sealed record ResourceState(
    IResource Resource, string? State, bool IsHealthy, string? Detail, int? ProcessId, int? ExitCode, DateTime? StartedAt, IReadOnlyList<ResourceUrl> Urls)
{
    public string Name => Resource.Name;

    public bool IsRunning => State == KnownResourceStates.Running;

    /// <summary>True while a process or a container of it runs, also one that is stopping.</summary>
    public bool HasProcess => IsRunning || State == KnownResourceStates.Stopping;

    /// <summary>True when it ended, or could not be started.</summary>
    public bool HasEnded => State is not null && KnownResourceStates.TerminalStates.Contains(State);

    /// <summary>True when it waits for somebody to start it.</summary>
    public bool IsNotStarted => State == KnownResourceStates.NotStarted;

    /// <summary>True when what waits for it may start.</summary>
    public bool IsReady => IsRunning && IsHealthy;

    public static ResourceState Of(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var failing = snapshot.HealthReports.FirstOrDefault(report => report.Status is not (null or HealthStatus.Healthy));
        return new ResourceState(
            change.Resource, snapshot.State?.Text, snapshot.HealthStatus == HealthStatus.Healthy, failing?.Description, ProcessIdOf(snapshot), snapshot.ExitCode,
            snapshot.StartTimeStamp, UrlsOf(change));
    }

    // In the order of the topology, which begins with the endpoint for clients.
    private static List<ResourceUrl> UrlsOf(ResourceEvent change)
    {
        var order = change.Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => endpoint.Name).ToList();
        return [.. change.Snapshot.Urls.Where(url => url is { IsInactive: false, Name: not null }).OrderBy(url => order.IndexOf(url.Name!)).Select(url => new ResourceUrl(url.Name!, url.Url))];
    }

    // A property of DCP's: "executable.pid".
    private static int? ProcessIdOf(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
            && int.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out var id) ? id : null;
}

/// <summary>An address of a resource.</summary>
/// <param name="Endpoint">Name of its endpoint.</param>
/// <param name="Url">The address.</param>
internal sealed record ResourceUrl(string Endpoint, string Url);
