namespace Platform.CdcAnalytics.Slots;

/// <summary>Events 5050–5099. Ids and method names are public: alerts filter on them.</summary>
internal static partial class SlotLog
{
    [LoggerMessage(5050, LogLevel.Information, "Slot {Slot} was made and begins at {Lsn}; a snapshot of {Tables} tables is taken there")]
    public static partial void SlotMade(this ILogger logger, string slot, string lsn, int tables);

    [LoggerMessage(5051, LogLevel.Information, "Snapshot {Id} is complete: {Rows} rows in {Seconds:0.0} s")]
    public static partial void SnapshotDone(this ILogger logger, string id, long rows, double seconds);

    [LoggerMessage(5052, LogLevel.Warning, "Slot {Slot} holds {RetainedBytes} bytes of log back; it is given up at {LimitBytes}")]
    public static partial void RetentionHigh(this ILogger logger, string slot, long retainedBytes, long limitBytes);
}
