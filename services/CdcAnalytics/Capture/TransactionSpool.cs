using System.Buffers.Binary;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// A large transaction that Postgres sends while it goes on, kept in a file until it is known whether, and at which position, it commits. The
/// file goes with the process.
/// </summary>
internal sealed class TransactionSpool : IDisposable
{
    // Length of the record, its subtransaction, its position.
    private const int HeaderSize = sizeof(int) + sizeof(uint) + sizeof(ulong);

    private readonly FileStream _file;
    private readonly HashSet<uint> _aborted = [];
    private readonly byte[] _header = new byte[HeaderSize];

    /// <param name="folder">Where the file is made.</param>
    /// <param name="xid">The transaction.</param>
    public TransactionSpool(string folder, uint xid)
    {
        Directory.CreateDirectory(folder);
        _file = new FileStream(
            Path.Combine(folder, $"{xid}-{Guid.NewGuid():N}.transaction"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 128 * 1024, Options = FileOptions.DeleteOnClose });
    }

    /// <summary>Keeps a record of the log.</summary>
    /// <param name="subtransaction">The subtransaction it is of.</param>
    /// <param name="lsn">Its position.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="rest">What comes behind the subtransaction's number.</param>
    public void Add(uint subtransaction, ulong lsn, byte kind, ReadOnlySpan<byte> rest)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_header, rest.Length + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(4), subtransaction);
        BinaryPrimitives.WriteUInt64LittleEndian(_header.AsSpan(8), lsn);
        _file.Write(_header);
        _file.WriteByte(kind);
        _file.Write(rest);
    }

    /// <summary>A subtransaction was rolled back: its changes never happened.</summary>
    public void Abort(uint subtransaction) => _aborted.Add(subtransaction);

    /// <summary>Goes back to the first record.</summary>
    public void Rewind() => _file.Position = 0;

    /// <summary>Reads the next record of what was not rolled back.</summary>
    /// <param name="record">Gets it; made larger when it must be.</param>
    /// <param name="length">Its length; 0 behind the last one.</param>
    /// <param name="lsn">Its position.</param>
    public void Read(ref byte[] record, out int length, out ulong lsn)
    {
        while (_file.ReadAtLeast(_header, HeaderSize, throwOnEndOfStream: false) == HeaderSize)
        {
            length = BinaryPrimitives.ReadInt32LittleEndian(_header);
            lsn = BinaryPrimitives.ReadUInt64LittleEndian(_header.AsSpan(8));
            if (record.Length < length) record = new byte[Math.Max(length, record.Length * 2)];
            _file.ReadExactly(record, 0, length);
            // A table's description is true whatever became of the subtransaction that it came with, and is not sent again.
            if (record[0] == LogRecord.Relation || !_aborted.Contains(BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(4)))) return;
        }

        (length, lsn) = (0, 0);
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
