using System.Runtime.InteropServices;
using Platform.CdcAnalytics.Envelopes;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Snapshots;
using Platform.CdcAnalytics.Tables;
using Platform.Changes.Tracing;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// Turns the changes of one transaction after another into messages, as Debezium does it, and sends them. Not thread-safe: there is one for each
/// reader of a log.
/// </summary>
internal sealed class ChangePublisher(ChangeProducer producer, LogProgress progress, EnvelopeWriter envelope, TransactionTopic? transactionTopic)
{
    private static readonly nint TenantHeader = MessageHeaders.Name("tenant"), ContractHeader = MessageHeaders.Name("contract"),
        TraceHeader = MessageHeaders.Name(TraceParent.Header), NewKeyHeader = MessageHeaders.Name("__debezium.newkey"),
        OldKeyHeader = MessageHeaders.Name("__debezium.oldkey");

    private readonly JsonBuffer _key = new(512), _otherKey = new(512), _headerKey = new(512), _value = new(16 * 1024), _rowsEnd = new(1024);
    private readonly MessageHeaders _headers = new();
    private readonly Dictionary<string, long> _ordinals = new(StringComparer.Ordinal);
    private ChangePlace _place;
    private ulong _previousCommit;
    private long _ticket;
    private CapturedTable? _rowsTable;
    private byte[] _rowsMarker = [];
    private long _messages;
    private readonly TransactionTrace _trace = new();

    /// <summary>A transaction begins.</summary>
    /// <param name="xid">Its id.</param>
    /// <param name="commitLsn">Position of its commit.</param>
    /// <param name="committedMicros">When it was committed, in microseconds since 1970.</param>
    public void Begin(uint xid, ulong commitLsn, long committedMicros)
    {
        _place = new() { Xid = xid, CommitLsn = commitLsn, CommittedMicros = committedMicros, PreviousCommitLsn = _previousCommit };
        _ordinals.Clear();
        _messages = 0;
        _trace.Clear();
        _ticket = progress.BeginTransaction(committedMicros);
    }

    /// <summary>It is complete.</summary>
    /// <param name="endLsn">Position behind its commit.</param>
    public void Commit(ulong endLsn)
    {
        if (_place.Ordinal > 0) transactionTopic?.End(_place, _ordinals, _ticket);
        progress.Commit(_ticket, endLsn, _trace.Complete(_place.Ordinal, _messages));
        _previousCommit = _place.CommitLsn;
    }

    /// <summary>The request that wrote this transaction belongs to a trace.</summary>
    public void Trace(ReadOnlySpan<byte> traceparent) => _trace.Note(traceparent);

    /// <summary>The log is not read on: the transaction that was begun last may never be completed.</summary>
    public void Abandon() => _trace.Abandon("The log is not read on; the transaction is read again.");

    /// <summary>Position of the commit of the transaction that was begun last.</summary>
    public ulong CommitLsn => _place.CommitLsn;

    /// <summary>Keys of changed rows are noted here while a part of their table is read.</summary>
    public ChunkWindow? Window { get; set; }

    /// <summary>Rows of a snapshot follow, which are no changes and belong to no transaction.</summary>
    /// <param name="lsn">The position that they are of.</param>
    /// <param name="xid">The first transaction that they do not show; 0 when that is unknown.</param>
    /// <param name="takenAt">When they were so.</param>
    public void BeginSnapshot(ulong lsn, uint xid, DateTimeOffset takenAt)
    {
        _place = new() { Xid = xid, CommitLsn = lsn, Lsn = lsn, CommittedMicros = (takenAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond };
        _trace.Clear();
        _rowsTable = null;
        _ticket = progress.BeginTransaction(committedMicros: 0);
    }

    /// <summary>A row of a snapshot. What stands behind the row, the time of writing too, is that of the first since <see cref="BeginSnapshot"/>.</summary>
    public void Row(CapturedTable table, LogRow row, ReadOnlySpan<byte> marker)
    {
        WriteKey(_key, table, row);
        Header(table, row);
        _value.Clear();
        EnvelopeWriter.Begin(_value, table);
        _value.Null();
        EnvelopeWriter.BeginAfter(_value);
        EnvelopeWriter.WriteRow(_value, table, row, before: default);
        if (_rowsTable != table || !marker.SequenceEqual(_rowsMarker))
        {
            _rowsEnd.Clear();
            envelope.End(_rowsEnd, table, (byte)'r', _place, marker);
            (_rowsTable, _rowsMarker) = (table, marker.ToArray());
        }

        _value.Raw(_rowsEnd.Written);
        Send(table, _value.Written, isTombstone: false);
    }

    /// <summary>The key of a row as messages have it.</summary>
    public ReadOnlySpan<byte> KeyOf(CapturedTable table, LogRow row)
    {
        WriteKey(_otherKey, table, row);
        return _otherKey.Written;
    }

    /// <summary>The rows since <see cref="BeginSnapshot"/> are sent.</summary>
    /// <param name="endLsn">Position up to which the broker has everything once it has them.</param>
    /// <returns>Their ticket.</returns>
    public long EndSnapshot(ulong endLsn)
    {
        progress.Commit(_ticket, endLsn);
        return _ticket;
    }

    public void Insert(CapturedTable table, ulong lsn, LogRow after)
    {
        WriteKey(_key, table, after);
        Header(table, after);
        SendRow(table, lsn, (byte)'c', before: default, isKeyOnly: false, after);
    }

    /// <param name="table">The table.</param>
    /// <param name="lsn">The change's own position.</param>
    /// <param name="before">The row before; missing where the log does not carry it, since the key is the same.</param>
    /// <param name="isKeyOnly">True when only the key's columns of it are there.</param>
    /// <param name="after">The row now.</param>
    public void Update(CapturedTable table, ulong lsn, LogRow before, bool isKeyOnly, LogRow after)
    {
        WriteKey(_key, table, after);
        if (!before.IsMissing)
        {
            WriteKey(_otherKey, table, before);
            if (!_key.Written.SequenceEqual(_otherKey.Written))
            {
                ChangeKey(table, lsn, before, isKeyOnly, after);
                return;
            }
        }

        Header(table, after);
        SendRow(table, lsn, (byte)'u', before, isKeyOnly, after);
    }

    public void Delete(CapturedTable table, ulong lsn, LogRow before, bool isKeyOnly)
    {
        WriteKey(_key, table, before);
        Header(table, before);
        SendRow(table, lsn, (byte)'d', before, isKeyOnly, after: default);
        SendTombstone(table);
    }

    public void Truncate(CapturedTable table, ulong lsn)
    {
        Place(table, lsn);
        _key.Clear();
        _headers.Clear();
        AddTableHeaders(table);
        _value.Clear();
        EnvelopeWriter.Begin(_value, table);
        _value.Null();
        EnvelopeWriter.BeginAfter(_value);
        _value.Null();
        envelope.End(_value, table, (byte)'t', _place, "false"u8);
        Send(table, _value.Written, isTombstone: false);
    }

    // Another key is another row: the old one is deleted and the new one created, each with the other's key.
    private void ChangeKey(CapturedTable table, ulong lsn, LogRow before, bool isKeyOnly, LogRow after)
    {
        WriteKey(_key, table, before);
        Header(table, before);
        AddKeyHeader(NewKeyHeader, table, after);
        SendRow(table, lsn, (byte)'d', before, isKeyOnly, after: default);
        SendTombstone(table);

        WriteKey(_key, table, after);
        Header(table, after);
        AddKeyHeader(OldKeyHeader, table, before);
        // The row before is told by the deletion; here it only lends large values that did not change.
        Place(table, lsn);
        _value.Clear();
        EnvelopeWriter.Begin(_value, table);
        _value.Null();
        EnvelopeWriter.BeginAfter(_value);
        EnvelopeWriter.WriteRow(_value, table, after, isKeyOnly ? default : before);
        envelope.End(_value, table, (byte)'c', _place, "false"u8);
        Send(table, _value.Written, isTombstone: false);
    }

    private void SendRow(CapturedTable table, ulong lsn, byte operation, LogRow before, bool isKeyOnly, LogRow after)
    {
        Place(table, lsn);
        _value.Clear();
        EnvelopeWriter.Begin(_value, table);
        if (before.IsMissing) _value.Null();
        else if (isKeyOnly) EnvelopeWriter.WriteKeyRow(_value, table, before);
        else EnvelopeWriter.WriteRow(_value, table, before, before: default);
        EnvelopeWriter.BeginAfter(_value);
        if (after.IsMissing) _value.Null();
        else EnvelopeWriter.WriteRow(_value, table, after, isKeyOnly ? default : before);
        envelope.End(_value, table, operation, _place, "false"u8);
        Send(table, _value.Written, isTombstone: false);
    }

    private void SendTombstone(CapturedTable table) => Send(table, value: default, isTombstone: true);

    private void Send(CapturedTable table, ReadOnlySpan<byte> value, bool isTombstone)
    {
        var key = _key.Written;
        Window?.Note(table, key);
        _messages++;
        progress.Sent(_ticket, table.Topic, key.Length + value.Length);
        producer.Send(table.Topic, ChangeProducer.ByKey, key, value, isTombstone, _headers, _ticket);
    }

    private void Place(CapturedTable table, ulong lsn)
    {
        if (_place.Ordinal == 0) transactionTopic?.Begin(_place, _ticket);
        _place.Lsn = lsn;
        _place.Ordinal++;
        ref var inTable = ref CollectionsMarshal.GetValueRefOrAddDefault(_ordinals, table.QualifiedName, out _);
        _place.OrdinalInTable = ++inTable;
    }

    private void Header(CapturedTable table, LogRow row)
    {
        _headers.Clear();
        if (table.TenantOrdinal >= 0) AddTenant(table, row);
        AddTableHeaders(table);
    }

    private void AddTenant(CapturedTable table, LogRow row)
    {
        var kind = row.At(table.TenantOrdinal, out var tenant);
        if (kind == LogRow.Null) return;
        var writer = table.Columns[table.TenantOrdinal].Writer;
        if (kind == LogRow.Text || writer is PlainTextWriter)
        {
            _headers.Add(TenantHeader, tenant);
            return;
        }

        // Numbers and uuids look in JSON as they do in text.
        _headerKey.Clear();
        writer.WriteBinary(_headerKey, tenant);
        _headers.Add(TenantHeader, _headerKey.Written.Trim((byte)'"'));
    }

    private void AddTableHeaders(CapturedTable table)
    {
        // What stands there already is the tenant.
        var trace = _trace.Header(table.Topic.Name, _headers.Bytes, _place, progress.Source);
        if (table.ContractVersion.Length > 0) _headers.Add(ContractHeader, table.ContractVersion);
        if (trace.Length > 0) _headers.Add(TraceHeader, trace);
    }

    private void AddKeyHeader(nint name, CapturedTable table, LogRow row)
    {
        _headerKey.Clear();
        EnvelopeWriter.WriteKeyPayload(_headerKey, table, row);
        _headers.Add(name, _headerKey.Written);
    }

    private static void WriteKey(JsonBuffer json, CapturedTable table, LogRow row)
    {
        json.Clear();
        if (table.Key.Length > 0) EnvelopeWriter.WriteKey(json, table, row);
    }
}
