using System.Buffers.Binary;
using System.Text;
using Platform.CdcAnalytics.Capture;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>
/// Rows of a <c>COPY ... TO STDOUT (FORMAT binary)</c>
/// (<see href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4">its format</see>) in the form in which the log has them. A row is
/// good until the next one is asked for.
/// </summary>
/// <param name="stream">What the server sends; disposed with this.</param>
/// <param name="columns">How many of the columns are the table's; the key as text is behind them.</param>
/// <param name="isBinary">For each column, whether it is in its type's binary form, or text.</param>
internal sealed class CopiedRows(Stream stream, int columns, IReadOnlyList<bool> isBinary) : IAsyncDisposable
{
    private const int SignatureSize = 11;

    private byte[] _buffer = new byte[128 * 1024];
    private byte[] _row = new byte[8 * 1024];
    private int _start, _end, _rowLength;
    private bool _isOpen;

    /// <summary>The row, for <see cref="LogRow"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _row.AsSpan(0, _rowLength);

    /// <summary>The row's key as text.</summary>
    public IReadOnlyList<string> Key() => KeyOf(Bytes, columns, isBinary.Count - columns);

    private static List<string> KeyOf(ReadOnlySpan<byte> bytes, int columns, int count)
    {
        var row = new LogRow(bytes, columns + count);
        List<string> key = [];
        for (var i = 0; i < count; i++)
        {
            row.At(columns + i, out var value);
            key.Add(Encoding.UTF8.GetString(value));
        }

        return key;
    }

    /// <summary>Goes to the next row; false behind the last one.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
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

        int size;
        while ((size = SizeOfNext()) < 0) await FillAsync(cancellationToken);
        if (size == 0) return false;
        Copy();
        _start += size;
        return true;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    // Size of the row at hand; 0 at the end, -1 when not all of it is here.
    private int SizeOfNext()
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        if (rest.Length < sizeof(short)) return -1;
        var fields = BinaryPrimitives.ReadInt16BigEndian(rest);
        if (fields < 0) return 0;
        var size = sizeof(short);
        for (var i = 0; i < fields; i++)
        {
            if (rest.Length < size + sizeof(int)) return -1;
            var length = BinaryPrimitives.ReadInt32BigEndian(rest[size..]);
            size += sizeof(int) + Math.Max(length, 0);
        }

        return rest.Length < size ? -1 : size;
    }

    private void Copy()
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        var at = sizeof(short);
        _rowLength = 0;
        for (var i = 0; i < isBinary.Count; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest[at..]);
            at += sizeof(int);
            var size = Math.Max(length, 0);
            if (_row.Length < _rowLength + 1 + sizeof(int) + size) Array.Resize(ref _row, Math.Max(_row.Length * 2, _rowLength + 1 + sizeof(int) + size));
            if (length < 0)
            {
                _row[_rowLength++] = LogRow.Null;
                continue;
            }

            _row[_rowLength] = isBinary[i] ? LogRow.Binary : LogRow.Text;
            BinaryPrimitives.WriteInt32BigEndian(_row.AsSpan(_rowLength + 1), length);
            rest.Slice(at, size).CopyTo(_row.AsSpan(_rowLength + 1 + sizeof(int)));
            _rowLength += 1 + sizeof(int) + size;
            at += size;
        }
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
}
