namespace Platform.CdcAnalytics.Series;

/// <summary>Events 5750–5759. Ids and method names are public: alerts filter on them.</summary>
internal static partial class SeriesLog
{
    [LoggerMessage(5750, LogLevel.Warning, "A minute of the metrics could not be written and is missing: {Reason}")]
    public static partial void NotRecorded(this ILogger logger, string reason);
}
