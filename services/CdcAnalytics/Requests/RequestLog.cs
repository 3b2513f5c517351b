namespace Platform.CdcAnalytics.Requests;

/// <summary>Events 5600–5699. Ids and method names are public: alerts filter on them.</summary>
internal static partial class RequestLog
{
    [LoggerMessage(5600, LogLevel.Warning, "Reading of the requests was interrupted ({Reason}); it goes on from where the warehouse stands")]
    public static partial void RequestsInterrupted(this ILogger logger, string reason);

    [LoggerMessage(5601, LogLevel.Warning, "The message at {Offset} is no request event and is passed over: {Reason}")]
    public static partial void UnreadableRequest(this ILogger logger, string offset, string reason);
}
