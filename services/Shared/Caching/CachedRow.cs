using System.Buffers.Binary;

namespace Platform.Caching;

/// <summary>A row as it was read, and what is needed to know for whom it is new enough.</summary>
/// <param name="Body">The row's JSON. Owned by the entry; never written again.</param>
/// <param name="CoversLsn">Every commit up to this log position is in the row: it suits a reader who has seen no later one.</param>
/// <param name="SeenLsn">No commit after this log position is in the row: who has seen the row has seen nothing later.</param>
/// <param name="SnapshotXmin">Lower bound of the snapshot it was read under; every earlier transaction's change is in it.</param>
public sealed record CachedRow(ReadOnlyMemory<byte> Body, ulong CoversLsn, ulong SeenLsn, ulong SnapshotXmin)
{
    private const int HeaderLength = 24;

    internal byte[] Encode()
    {
        var bytes = new byte[HeaderLength + Body.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, CoversLsn);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), SeenLsn);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), SnapshotXmin);
        Body.Span.CopyTo(bytes.AsSpan(HeaderLength));
        return bytes;
    }

    internal static CachedRow? Decode(byte[]? bytes) => bytes is { Length: > HeaderLength }
        ? new(
            bytes.AsMemory(HeaderLength),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16)))
        : null;
}
