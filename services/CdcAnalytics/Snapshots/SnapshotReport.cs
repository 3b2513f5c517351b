using Platform.CdcAnalytics.Sources;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>A snapshot, for whoever asks.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Status">running, paused, done, cancelled or failed.</param>
/// <param name="Reason">Why it is made.</param>
/// <param name="Problem">Why it failed, or null.</param>
/// <param name="StartedAt">When it was ordered.</param>
/// <param name="EndedAt">When its last row was durable, or null.</param>
/// <param name="Parts">Its tables.</param>
/// <param name="Source">Cluster and database that it is of.</param>
internal sealed record SnapshotReport(
    string Id, string Status, string Reason, string? Problem, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, IReadOnlyList<SnapshotReport.Part> Parts, string Source)
{
    public static SnapshotReport Of(SnapshotRun run, SourceAddress source) => new(
        run.Id, run.Status.ToString().ToLowerInvariant(), run.Reason, run.Problem, run.StartedAt, run.EndedAt,
        [.. run.Parts.Select(part => new Part($"{part.Schema}.{part.Table}", part.Rows, part.EstimatedRows, part.IsDone))], source.ToString());

    /// <summary>A table of a snapshot.</summary>
    /// <param name="Table">The table.</param>
    /// <param name="Rows">Rows that are durable.</param>
    /// <param name="EstimatedRows">About how many the table has; 0 when unknown.</param>
    /// <param name="IsDone">True when all are durable.</param>
    internal sealed record Part(string Table, long Rows, long EstimatedRows, bool IsDone);
}
