using Platform.Caching;

namespace Platform.DataService.Storage;

/// <summary>What a read found, and at which position of the log.</summary>
/// <param name="Body">The JSON, or null when there is no such row.</param>
/// <param name="CoversLsn">Every commit up to here is in the answer.</param>
/// <param name="SeenLsn">No commit after this is in the answer.</param>
/// <param name="SnapshotXmin">Lower bound of the snapshot.</param>
internal readonly record struct ReadResult(byte[]? Body, ulong CoversLsn, ulong SeenLsn, ulong SnapshotXmin)
{
    public CachedRow ToCachedRow() => new(Body, CoversLsn, SeenLsn, SnapshotXmin);
}
