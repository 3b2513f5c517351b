using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Platform.Replication;

/// <summary>
/// The position in the log that a caller has seen: a read with it is never older. Clients treat its text as opaque.
/// </summary>
/// <param name="Timeline">Timeline of the cluster; it grows with every promotion.</param>
/// <param name="Lsn">Write-ahead log position up to which everything was durable when the token was made.</param>
public readonly record struct ConsistencyToken(uint Timeline, ulong Lsn)
{
    /// <summary>The header that carries it, on answers and on requests.</summary>
    public const string HeaderName = "X-Consistency-Token";

    private const int EncodedLength = 12;

    /// <summary>The token's text: base64url of timeline and position, big endian.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[EncodedLength];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Timeline);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[4..], Lsn);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a token's text; false when it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ConsistencyToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[EncodedLength];
        if (text is not { Length: 16 } || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != EncodedLength)
            return false;

        token = new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[4..]));
        return true;
    }
}
