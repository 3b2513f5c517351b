namespace Platform.CdcAnalytics.Snapshots;

/// <summary>Rows one behind the other, in memory that is used again. Not thread-safe.</summary>
/// <param name="mostRows">With so many it is full.</param>
/// <param name="mostBytes">With so many bytes, too; the last row may go beyond.</param>
internal sealed class RowBatch(int mostRows = int.MaxValue, int mostBytes = int.MaxValue)
{
    private readonly List<int> _ends = [];
    private byte[] _bytes = new byte[64 * 1024];

    public int Count => _ends.Count;

    public bool IsFull => Count >= mostRows || Length >= mostBytes;

    /// <summary>A row, for <see cref="Capture.LogRow"/>.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    private int Length => Count == 0 ? 0 : _ends[^1];

    /// <summary>Room for a row of at most so many bytes, which <see cref="Add"/> makes one.</summary>
    public Span<byte> Room(int size)
    {
        if (_bytes.Length - Length < size) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + size));
        return _bytes.AsSpan(Length);
    }

    /// <summary>The first bytes of <see cref="Room"/> are a row.</summary>
    public void Add(int size) => _ends.Add(Length + size);

    public void Clear() => _ends.Clear();
}
