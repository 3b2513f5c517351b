namespace Platform.Gateway.Routing;

/// <summary>Events 4000–4099. Ids and method names are public: alerts filter on them.</summary>
internal static partial class RoutingLog
{
    [LoggerMessage(4000, LogLevel.Information, "Node {Node} serves as {Role}")]
    public static partial void NodeUp(this ILogger logger, string node, string role);

    [LoggerMessage(4001, LogLevel.Warning, "Node {Node} is out: {Reason}")]
    public static partial void NodeDown(this ILogger logger, string node, string reason);
}
