using Platform.CdcAnalytics.Snapshots;

namespace Platform.CdcAnalytics.Capture;

/// <summary>What capture does, and where it stands.</summary>
/// <param name="Activity">starting, snapshot, streaming, interrupted or paused.</param>
/// <param name="Trouble">What keeps it from reading, or null.</param>
/// <param name="Captured">Last commit read from the log.</param>
/// <param name="Delivered">The broker has everything up to here.</param>
/// <param name="LagBytes">Bytes of the log that the broker does not have.</param>
/// <param name="LagMilliseconds">Age of the oldest transaction that the warehouse does not have completely.</param>
/// <param name="RetainedBytes">Bytes of the log that the slot holds back.</param>
/// <param name="LimitBytes">The most that it may; null without a limit.</param>
/// <param name="Events">Events sent since the start.</param>
/// <param name="Snapshots">Snapshots, the newest last.</param>
internal sealed record CaptureReport(
    string Activity,
    string? Trouble,
    string Captured,
    string Delivered,
    long LagBytes,
    double LagMilliseconds,
    long RetainedBytes,
    long? LimitBytes,
    long Events,
    IReadOnlyList<SnapshotReport> Snapshots);
