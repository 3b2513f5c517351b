using System.Buffers.Binary;
using System.Text;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// Reads one message of Postgres' logical replication protocol, text values, versions 1 and 2
/// (<see href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">its formats</see>), where it lies.
/// </summary>
internal ref struct LogRecord
{
    /// <summary>Kinds of messages.</summary>
    public const byte Begin = (byte)'B', Commit = (byte)'C', Relation = (byte)'R', Insert = (byte)'I', Update = (byte)'U', Delete = (byte)'D',
        Truncate = (byte)'T', Message = (byte)'M', StreamStart = (byte)'S', StreamStop = (byte)'E', StreamCommit = (byte)'c', StreamAbort = (byte)'A';

    /// <summary>What stands before a row: the whole row before a change, or its key only.</summary>
    public const byte OldRow = (byte)'O', OldKey = (byte)'K';

    // Microseconds between 1970 and Postgres' epoch, 2000.
    private const long Epoch = 946_684_800_000_000;

    private ReadOnlySpan<byte> _rest;

    public LogRecord(ReadOnlySpan<byte> bytes)
    {
        Kind = bytes[0];
        _rest = bytes[1..];
    }

    /// <summary>The message's kind: the letter of the protocol.</summary>
    public readonly byte Kind { get; }

    public byte Byte()
    {
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public short Int16()
    {
        var value = BinaryPrimitives.ReadInt16BigEndian(_rest);
        _rest = _rest[2..];
        return value;
    }

    public int Int32()
    {
        var value = BinaryPrimitives.ReadInt32BigEndian(_rest);
        _rest = _rest[4..];
        return value;
    }

    public uint UInt32() => unchecked((uint)Int32());

    public ulong Lsn()
    {
        var value = BinaryPrimitives.ReadUInt64BigEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    /// <summary>A point in time in microseconds since 1970.</summary>
    public long Time() => unchecked((long)Lsn()) + Epoch;

    /// <summary>A name, which ends with a zero.</summary>
    public string Name() => Encoding.UTF8.GetString(Text());

    /// <summary>A text, which ends with a zero.</summary>
    public ReadOnlySpan<byte> Text()
    {
        var end = _rest.IndexOf((byte)0);
        var text = _rest[..end];
        _rest = _rest[(end + 1)..];
        return text;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        var value = _rest[..count];
        _rest = _rest[count..];
        return value;
    }

    /// <summary>A row.</summary>
    public LogRow Row()
    {
        var columns = Int16();
        var start = _rest;
        for (var i = 0; i < columns; i++)
        {
            if (Byte() is LogRow.Text or LogRow.Binary) Bytes(Int32());
        }

        return new LogRow(start[..(start.Length - _rest.Length)], columns);
    }
}
