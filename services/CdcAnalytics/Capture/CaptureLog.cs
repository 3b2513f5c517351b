namespace Platform.CdcAnalytics.Capture;

/// <summary>Events 5000–5099. Ids and method names are public: alerts filter on them.</summary>
internal static partial class CaptureLog
{
    [LoggerMessage(5000, LogLevel.Information, "Slot {Slot}: streaming")]
    public static partial void Streaming(this ILogger logger, string slot);

    [LoggerMessage(5001, LogLevel.Warning, "Capture stopped ({Reason}); it reads again from the slot in {Delay}")]
    public static partial void Interrupted(this ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(5002, LogLevel.Critical,
        "The replication slot {Slot} does not exist: changes made without it cannot be captured any more. Start over with 'up --reset', or create the slot and load the warehouse anew")]
    public static partial void SlotMissing(this ILogger logger, string slot);
}
