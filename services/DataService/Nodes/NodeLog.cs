namespace Platform.DataService.Nodes;

/// <summary>Events 2000–2099. Ids and method names are public: alerts filter on them.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(2000, LogLevel.Information, "The node is a {Role} on timeline {Timeline}")]
    public static partial void Found(this ILogger logger, string role, uint timeline);

    [LoggerMessage(2001, LogLevel.Warning, "The node does not answer: {Reason}")]
    public static partial void Lost(this ILogger logger, string reason);
}
