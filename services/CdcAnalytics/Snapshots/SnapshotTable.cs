using Platform.CdcAnalytics.Tables;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>A table that a snapshot reads.</summary>
/// <param name="Table">The table.</param>
/// <param name="TypeNames">The columns' types as SQL writes them.</param>
/// <param name="Key">Ordinals of the primary key's columns, in the order of its index; empty without one.</param>
/// <param name="EstimatedRows">About how many rows it has.</param>
/// <param name="Bytes">What they take on disk.</param>
/// <param name="File">Names the file that they are in, if they can be read as they lie there; null otherwise.</param>
/// <param name="Blocks">Blocks of that file.</param>
internal sealed record SnapshotTable(
    CapturedTable Table, IReadOnlyList<string> TypeNames, IReadOnlyList<int> Key, long EstimatedRows, long Bytes, uint? File, long Blocks);
