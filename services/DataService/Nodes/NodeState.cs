namespace Platform.DataService.Nodes;

/// <summary>What a Postgres node said of itself at the last probe.</summary>
/// <param name="IsPrimary">True when it takes writes.</param>
/// <param name="Timeline">Timeline it is on.</param>
/// <param name="Lsn">Position written (primary) or replayed (replica).</param>
/// <param name="Lag">Age of the last transaction a replica has replayed while more is known to come; zero when it is current.</param>
/// <param name="Error">Why the last probe failed, or null.</param>
internal sealed record NodeState(bool IsPrimary, uint Timeline, ulong Lsn, TimeSpan Lag, string? Error)
{
    public static NodeState Unknown { get; } = new(false, 0, 0, TimeSpan.Zero, "The node has not been probed yet.");
}
