using Platform.CdcAnalytics.Sources;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Events 5000–5049. Ids and method names are public: alerts filter on them.</summary>
internal static partial class CaptureLog
{
    [LoggerMessage(5000, LogLevel.Information, "Slot {Slot}: streaming")]
    public static partial void Streaming(this ILogger logger, string slot);

    [LoggerMessage(5001, LogLevel.Warning, "Capture of {Source} stopped ({Reason}); it reads again from the slot in {Delay}")]
    public static partial void Interrupted(this ILogger logger, SourceAddress source, string reason, TimeSpan delay);

    [LoggerMessage(5002, LogLevel.Critical, "{Source}: {Reason}")]
    public static partial void ChangesLost(this ILogger logger, SourceAddress source, string reason);

    [LoggerMessage(5003, LogLevel.Critical, "{Source}: {Reason} Changes were lost: all its tables are read anew, and rows that are gone meanwhile will be removed from the warehouse")]
    public static partial void StartingOver(this ILogger logger, SourceAddress source, string reason);
}
