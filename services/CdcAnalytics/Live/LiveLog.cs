namespace Platform.CdcAnalytics.Live;

/// <summary>Events 5700–5799. Ids and method names are public: alerts filter on them.</summary>
internal static partial class LiveLog
{
    [LoggerMessage(5700, LogLevel.Information, "Live metrics follow {Partitions} partitions; {Events} events of the recent past are in the open windows")]
    public static partial void Following(this ILogger logger, int partitions, int events);

    [LoggerMessage(5701, LogLevel.Warning, "Live metrics were interrupted ({Reason}); they go on with what comes")]
    public static partial void LiveInterrupted(this ILogger logger, string reason);

    [LoggerMessage(5702, LogLevel.Warning, "Live metrics pass over the message at {Offset}: {Reason}")]
    public static partial void UnreadableEvent(this ILogger logger, string offset, string reason);
}
