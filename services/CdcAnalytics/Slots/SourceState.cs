using Platform.CdcAnalytics.Snapshots;

namespace Platform.CdcAnalytics.Slots;

/// <summary>
/// What capture remembers of its source besides the slot: with it a slot that is gone, was made again, was moved by somebody else or belongs to another
/// history is recognised.
/// </summary>
internal sealed class SourceState
{
    /// <summary>Identifies the cluster's data directory and its copies.</summary>
    public required string SystemIdentifier { get; init; }

    /// <summary>The branch of its history; another one after a replica was promoted.</summary>
    public required uint Timeline { get; init; }

    /// <summary>The slot.</summary>
    public required string Slot { get; init; }

    /// <summary>Position up to which Postgres was told that it may forget. Stored before it is told.</summary>
    public ulong ConfirmedLsn { get; set; }

    /// <summary>
    /// No position up to here is given to anything but the changes that were sent already. Moved ahead in large steps, so that it covers what was sent before
    /// a crash.
    /// </summary>
    public ulong ReservedLsn { get; set; }

    /// <summary>True once the snapshot that belongs to the slot is sent, or goes on as an incremental one.</summary>
    public bool IsStreaming { get; set; }

    /// <summary>Snapshots, the newest last.</summary>
    public List<SnapshotRun> Snapshots { get; init; } = [];
}
