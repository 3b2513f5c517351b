using System.Text.Json;
using Confluent.Kafka;

namespace Platform.Changes;

/// <summary>
/// What capture tells when a snapshot after lost changes has brought every row of a table: a row that a reader has from before the snapshot's position, and that
/// the snapshot did not bring again, has been deleted in a change that nobody saw.
/// </summary>
/// <param name="Schema">The table's schema.</param>
/// <param name="Table">The table.</param>
/// <param name="Lsn">The position that no row of the snapshot is older than.</param>
/// <param name="Ends">The offset after the snapshot's last row in each partition.</param>
/// <param name="Source">The source that the table is of (<see cref="ChangeSource"/>).</param>
public sealed record SnapshotMark(string Schema, string Table, ulong Lsn, IReadOnlyDictionary<int, long> Ends, string Source = ChangeSource.Default)
{
    /// <summary>The partition that holds the marks, in order.</summary>
    public static TopicPartition Partition { get; } = new("cdc.snapshots", 0);

    /// <summary>The mark as JSON.</summary>
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <summary>Reads a mark.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static SnapshotMark Decode(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<SnapshotMark>(json, JsonSerializerOptions.Web) ?? throw new JsonException("The mark is empty.");
}
