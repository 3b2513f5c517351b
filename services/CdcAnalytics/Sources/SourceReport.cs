using Platform.CdcAnalytics.Snapshots;
using Platform.Replication;

namespace Platform.CdcAnalytics.Sources;

/// <summary>What is done with a source, and where it stands.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Database">The database.</param>
/// <param name="Slot">The replication slot.</param>
/// <param name="Activity">starting, snapshot, streaming, interrupted, paused or off.</param>
/// <param name="Trouble">What keeps it from being read, or null.</param>
/// <param name="Timeline">The branch of the cluster's history that is read; null before the first start.</param>
/// <param name="Captured">Last commit read from the log.</param>
/// <param name="Delivered">The broker has everything up to here.</param>
/// <param name="Applied">The warehouse has everything up to here.</param>
/// <param name="LagBytes">Bytes of the log that the broker does not have.</param>
/// <param name="LagMilliseconds">Age of the oldest transaction that the warehouse does not have completely. No tenant of the source is further behind.</param>
/// <param name="RetainedBytes">Bytes of the log that the slot holds back.</param>
/// <param name="LimitBytes">The most that it may; null without a limit.</param>
/// <param name="Events">Events sent since the start.</param>
/// <param name="Tenants">The tenants that the directory places there.</param>
/// <param name="Snapshots">Snapshots, the newest last.</param>
internal sealed record SourceReport(
    string Cluster,
    string Database,
    string Slot,
    string Activity,
    string? Trouble,
    uint? Timeline,
    string Captured,
    string Delivered,
    string Applied,
    long LagBytes,
    double LagMilliseconds,
    long RetainedBytes,
    long? LimitBytes,
    long Events,
    IReadOnlyList<string> Tenants,
    IReadOnlyList<SnapshotReport> Snapshots)
{
    public static SourceReport Of(CaptureSource source, CaptureSources sources)
    {
        var (report, slot, (cluster, database)) = (source.Progress.Report(), source.Watch.Latest, source.Address);
        return new(
            cluster, database, source.Slot, source.State.Activity, source.State.Trouble, source.Keeper.Timeline, LsnText.Format(report.CapturedLsn),
            LsnText.Format(report.DeliveredLsn), LsnText.Format(report.AppliedLsn), slot.LagBytes, report.LagMilliseconds, slot.RetainedBytes, slot.LimitBytes,
            report.CapturedEvents, [.. sources.TenantsOf(source.Address)], [.. source.Snapshots.All.Select(run => SnapshotReport.Of(run, source.Address))]);
    }
}
