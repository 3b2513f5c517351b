using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;

namespace Platform.CdcAnalytics.Envelopes;

/// <summary>
/// UTF-8 JSON under construction, in memory that is used again. It checks nothing: whoever writes knows the grammar. Letters of
/// every language stand as they are. Not thread-safe.
/// </summary>
internal sealed class JsonBuffer(int capacity = 4096)
{
    // Letters that stand for themselves whatever comes before or after them.
    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(letter => (byte)letter).Except("\"\\"u8.ToArray())]);

    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for at least <paramref name="size"/> bytes; what is used of it is told to <see cref="Advance"/>.</summary>
    public Span<byte> Free(int size)
    {
        if (_bytes.Length - Length < size) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + size));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Free(json.Length));
        Length += json.Length;
    }

    public void Raw(byte one)
    {
        Free(1)[0] = one;
        Length++;
    }

    public void Null() => Raw("null"u8);

    public void Number(long number)
    {
        Utf8Formatter.TryFormat(number, Free(20), out var written);
        Length += written;
    }

    public void Number(ulong number)
    {
        Utf8Formatter.TryFormat(number, Free(20), out var written);
        Length += written;
    }

    public void Number(double number)
    {
        Utf8Formatter.TryFormat(number, Free(32), out var written, new StandardFormat('R'));
        Length += written;
    }

    /// <summary>A string in quotes, escaped where JSON asks for it.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.ContainsAnyExcept(Plain))
        {
            var free = Free(utf8.Length + 2);
            free[0] = (byte)'"';
            utf8.CopyTo(free[1..]);
            free[utf8.Length + 1] = (byte)'"';
            Length += utf8.Length + 2;
            return;
        }

        Raw((byte)'"');
        while (!utf8.IsEmpty)
        {
            // A letter grows to at most six.
            var status = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(utf8, Free(utf8.Length + 16), out var read, out var written);
            Length += written;
            utf8 = utf8[read..];
            if (status == OperationStatus.DestinationTooSmall) Free((utf8.Length * 6) + 16);
        }

        Raw((byte)'"');
    }

    /// <summary>Bytes as base64 in quotes.</summary>
    public void Base64(ReadOnlySpan<byte> bytes)
    {
        Raw((byte)'"');
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, Free(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var written);
        Length += written;
        Raw((byte)'"');
    }
}
