using System.Runtime.InteropServices;
using System.Text;

namespace Platform.CdcAnalytics.Publishing;

/// <summary>The headers of one message, in memory that is used again for the next one. Not thread-safe.</summary>
internal sealed class MessageHeaders
{
    /// <summary>Most headers of one message.</summary>
    public const int Most = 6;

    /// <summary>No headers.</summary>
    public static MessageHeaders None { get; } = new();

    private readonly (nint Name, int Start, int Length)[] _headers = new (nint, int, int)[Most];
    private byte[] _bytes = new byte[512];
    private int _length;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public (nint Name, int Start, int Length) this[int index] => _headers[index];

    public void Clear() => (Count, _length) = (0, 0);

    /// <summary>A header's name as the library wants it: UTF-8 with a zero behind it, in memory that never moves and is never freed.</summary>
    public static unsafe nint Name(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name + '\0');
        var pointer = (nint)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>((void*)pointer, bytes.Length));
        return pointer;
    }

    /// <summary>Adds a header.</summary>
    /// <param name="name">Made once by <see cref="Name"/>.</param>
    /// <param name="value">Its value, copied.</param>
    public void Add(nint name, ReadOnlySpan<byte> value)
    {
        if (_length + value.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + value.Length));
        value.CopyTo(_bytes.AsSpan(_length));
        _headers[Count++] = (name, _length, value.Length);
        _length += value.Length;
    }
}
