using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>How far a partition has been applied; stored with the rows.</summary>
/// <param name="NextOffset">The next offset to read.</param>
/// <param name="Applied">Place of the last change applied. Changes of a partition come in the log's order, so what is not later is a repetition.</param>
internal readonly record struct PartitionState(long NextOffset, LogPosition Applied);
