namespace Platform.DemoLoad.Traffic;

/// <summary>Events 8100–8199. Ids and method names are public: alerts filter on them.</summary>
internal static partial class TrafficLog
{
    [LoggerMessage(8100, LogLevel.Information, "Demo: the shops are open, {Visits} visits a second")]
    public static partial void Open(this ILogger logger, double visits);

    [LoggerMessage(8101, LogLevel.Warning, "Demo: a visit to {Tenant} ended early ({Reason})")]
    public static partial void VisitFailed(this ILogger logger, string tenant, string reason);
}
