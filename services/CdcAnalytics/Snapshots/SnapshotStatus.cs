namespace Platform.CdcAnalytics.Snapshots;

/// <summary>What becomes of a snapshot.</summary>
internal enum SnapshotStatus
{
    /// <summary>It is being read, or will be when it is its turn.</summary>
    Running,

    /// <summary>It waits for the order to go on.</summary>
    Paused,

    /// <summary>Every row is durable.</summary>
    Done,

    /// <summary>It was ended before its end; what it has brought stays.</summary>
    Cancelled,

    /// <summary>It could not go on.</summary>
    Failed,
}

/// <summary>What a status means.</summary>
internal static class SnapshotStatusExtensions
{
    /// <summary>True when nothing more happens.</summary>
    public static bool IsOver(this SnapshotStatus status) => status is SnapshotStatus.Done or SnapshotStatus.Cancelled or SnapshotStatus.Failed;
}
