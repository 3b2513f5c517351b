namespace Platform.Dashboard.Resources;

/// <summary>A process of the platform, as the host on this machine sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Project, executable or container.</param>
/// <param name="State">Where it stands: Waiting, Starting, Running, Healthy, Unhealthy, Backoff, Exited, Failed or Stopped.</param>
/// <param name="Detail">Why, in words for a person.</param>
/// <param name="Pid">Its process; null when it has none.</param>
/// <param name="Restarts">How often it was started again.</param>
/// <param name="StartedAt">When it was last started.</param>
/// <param name="Urls">Its addresses.</param>
public sealed record Resource(
    string Name, string Kind, string State, string? Detail, int? Pid, int Restarts, DateTimeOffset? StartedAt, IReadOnlyList<string> Urls)
{
    public bool IsUp => State is "Healthy" or "Running" or "Exited";
}
