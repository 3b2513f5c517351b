using System.Buffers.Binary;

namespace Platform.CdcAnalytics.Capture;

/// <summary>A row in a message of the log, read column by column where it lies.</summary>
internal ref struct LogRow
{
    /// <summary>What a column may be: null, a large value that did not change, a text, Postgres' binary form.</summary>
    public const byte Null = (byte)'n', Unchanged = (byte)'u', Text = (byte)'t', Binary = (byte)'b';

    private readonly ReadOnlySpan<byte> _bytes;
    private ReadOnlySpan<byte> _rest;

    public LogRow(ReadOnlySpan<byte> bytes, int columns)
    {
        _bytes = _rest = bytes;
        Columns = columns;
    }

    public readonly int Columns { get; }

    /// <summary>True for a row that is not there.</summary>
    public readonly bool IsMissing => _bytes.IsEmpty;

    /// <summary>The next column: its kind, and its value where it has one.</summary>
    public byte Next(out ReadOnlySpan<byte> value)
    {
        var kind = _rest[0];
        _rest = _rest[1..];
        value = default;
        if (kind is not (Text or Binary)) return kind;
        var length = BinaryPrimitives.ReadInt32BigEndian(_rest);
        value = _rest.Slice(4, length);
        _rest = _rest[(4 + length)..];
        return kind;
    }

    /// <summary>The same row from its first column on.</summary>
    public readonly LogRow Again() => new(_bytes, Columns);

    /// <summary>The column at a place, from the first on.</summary>
    public readonly byte At(int ordinal, out ReadOnlySpan<byte> value)
    {
        var row = Again();
        for (var i = 0; i < ordinal; i++) row.Next(out _);
        return row.Next(out value);
    }
}
