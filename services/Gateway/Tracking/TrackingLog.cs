namespace Platform.Gateway.Tracking;

/// <summary>Events 4100–4199. Ids and method names are public: alerts filter on them.</summary>
internal static partial class TrackingLog
{
    [LoggerMessage(4100, LogLevel.Warning, "Requests come faster than their events can be sent: one of {Rate} is kept, with that as its weight")]
    public static partial void SamplingBegun(this ILogger logger, int rate);

    [LoggerMessage(4101, LogLevel.Information, "Every request has its event again")]
    public static partial void SamplingEnded(this ILogger logger);

    [LoggerMessage(4102, LogLevel.Warning, "Request events do not reach the broker ({Reason}); requests are answered without, and counted")]
    public static partial void Undelivered(this ILogger logger, string reason);

    [LoggerMessage(4103, LogLevel.Information, "Request events reach the broker again")]
    public static partial void Delivered(this ILogger logger);
}
