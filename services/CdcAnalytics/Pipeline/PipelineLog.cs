namespace Platform.CdcAnalytics.Pipeline;

/// <summary>Events 5200–5299. Ids and method names are public: alerts filter on them.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(5200, LogLevel.Error, "{Reason} The process ends, to begin again from what is durable")]
    public static partial void StartingOver(this ILogger logger, string reason);
}
