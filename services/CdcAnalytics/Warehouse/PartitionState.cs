using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>How far a partition has been applied; stored with the rows.</summary>
/// <param name="nextOffset">The next offset to read.</param>
internal sealed class PartitionState(long nextOffset)
{
    /// <summary>The next offset to read.</summary>
    public long NextOffset { get; set; } = nextOffset;

    /// <summary>Place of the last change applied of each source. Changes of one source come in its log's order, so what is not later is a repetition.</summary>
    public Dictionary<string, LogPosition> Applied { get; } = new(StringComparer.Ordinal);
}
