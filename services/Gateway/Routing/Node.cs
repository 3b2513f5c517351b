namespace Platform.Gateway.Routing;

/// <summary>A Postgres node with its data service, as it was at the last probe.</summary>
/// <param name="Name">Name of the data service in service discovery.</param>
/// <param name="Server">Name of the Postgres server beside it.</param>
/// <param name="IsHealthy">True when it answered and its Postgres did.</param>
/// <param name="IsPrimary">True when it takes writes.</param>
/// <param name="Timeline">Its timeline.</param>
/// <param name="Lsn">Position it has written or replayed.</param>
/// <param name="Position">The same in Postgres' notation.</param>
/// <param name="LagMilliseconds">Age of its data while more is known to come.</param>
/// <param name="LagBytes">Bytes of log it is behind the primary.</param>
/// <param name="Requests">Requests that it has answered since the gateway started; counted when asked for, not at the probe.</param>
/// <param name="Cache">How its reads were answered since it started.</param>
/// <param name="Detail">Why it is not healthy, or null.</param>
public sealed record Node(
    string Name,
    string Server,
    bool IsHealthy,
    bool IsPrimary,
    uint Timeline,
    ulong Lsn,
    string Position,
    double LagMilliseconds,
    long LagBytes,
    long Requests,
    NodeCache? Cache,
    string? Detail)
{
    internal static Node Unknown(string name) => new(name, name, false, false, 0, 0, "0/0", 0, 0, 0, null, "It has not been probed yet.");
}
