using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Platform.CdcAnalytics.Capture;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>
/// Rows of a <c>COPY ... TO STDOUT (FORMAT binary)</c>
/// (<see href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4">its format</see>) in the form in which the log has them.
/// </summary>
/// <param name="stream">What the server sends; disposed with this.</param>
/// <param name="columns">How many of the columns are the table's; the key as text, or the row's place in the file, is behind them.</param>
/// <param name="isBinary">For each column, whether it is in its type's binary form, or text.</param>
internal sealed class CopiedRows(Stream stream, int columns, bool[] isBinary) : IAsyncDisposable
{
    private const int SignatureSize = 11;

    private byte[] _buffer = new byte[128 * 1024];
    private int _start, _end;
    private bool _isOpen, _isEnd;

    /// <summary>The key of a row, or its place in the file, as text.</summary>
    public IReadOnlyList<string> KeyOf(ReadOnlySpan<byte> bytes)
    {
        var row = new LogRow(bytes, isBinary.Length);
        List<string> key = [];
        for (var i = columns; i < isBinary.Length; i++)
        {
            var kind = row.At(i, out var value);
            key.Add(kind == LogRow.Binary ? PlaceOf(value) : Encoding.UTF8.GetString(value));
        }

        return key;
    }

    /// <summary>Reads rows until the batch is full.</summary>
    /// <returns>Whether there are more.</returns>
    /// <exception cref="EndOfStreamException">The server has ended in the midst of a row.</exception>
    public async ValueTask<bool> ReadAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        if (!_isOpen)
        {
            await NeedAsync(SignatureSize + (2 * sizeof(int)), cancellationToken);
            var extension = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + SignatureSize + sizeof(int)));
            _start += SignatureSize + (2 * sizeof(int));
            await NeedAsync(extension, cancellationToken);
            _start += extension;
            _isOpen = true;
        }

        while (!batch.IsFull && !_isEnd)
        {
            if (!TryTake(batch)) await FillAsync(cancellationToken);
        }

        // What follows the last row of a full batch may be the end.
        while (!_isEnd && !IsNextKnown()) await FillAsync(cancellationToken);
        return !_isEnd;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    // Takes what is at hand, a row or the end; false when not all of it is here.
    private bool TryTake(RowBatch batch)
    {
        if (!IsNextKnown()) return false;
        if (_isEnd) return true;

        // Each column has a byte more than here.
        var rest = _buffer.AsSpan(_start, _end - _start);
        var row = batch.Room(rest.Length + isBinary.Length);
        var (at, length) = (sizeof(short), 0);
        foreach (var binary in isBinary)
        {
            if (rest.Length < at + sizeof(int)) return false;
            var size = BinaryPrimitives.ReadInt32BigEndian(rest[at..]);
            if (size < 0)
            {
                row[length++] = LogRow.Null;
                at += sizeof(int);
                continue;
            }

            if (rest.Length < at + sizeof(int) + size) return false;
            row[length] = binary ? LogRow.Binary : LogRow.Text;
            rest.Slice(at, sizeof(int) + size).CopyTo(row[(length + 1)..]);
            at += sizeof(int) + size;
            length += 1 + sizeof(int) + size;
        }

        batch.Add(length);
        _start += at;
        return true;
    }

    // Whether enough is at hand to tell a row from the end.
    private bool IsNextKnown()
    {
        if (_end - _start < sizeof(short)) return false;
        _isEnd = BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_start)) < 0;
        return true;
    }

    private async ValueTask NeedAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count) await FillAsync(cancellationToken);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        if (read == 0) throw new EndOfStreamException("Postgres ended a COPY in the midst of a row.");
        _end += read;
    }

    // A tid: the block and the row's place in it.
    private static string PlaceOf(ReadOnlySpan<byte> tid) => string.Create(
        CultureInfo.InvariantCulture, $"({BinaryPrimitives.ReadUInt32BigEndian(tid)},{BinaryPrimitives.ReadUInt16BigEndian(tid[sizeof(uint)..])})");
}
