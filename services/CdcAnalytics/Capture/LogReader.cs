using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using Npgsql.Replication.PgOutput;
using NpgsqlTypes;
using Platform.CdcAnalytics.Envelopes;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Slots;
using Platform.CdcAnalytics.Snapshots;
using Platform.CdcAnalytics.Tables;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// Reads the write-ahead log through the slot, in commit order, and publishes every change. It keeps nothing: after a restart it reads
/// again from what the slot knows to be durable, and what that repeats is recognised by its position.
/// </summary>
/// <remarks>
/// It decodes the messages of Postgres' plug-in where they lie, since objects for every value would cost more than all the rest. Values come as
/// text, which costs the server no more than its binary form and is the same for types that nobody has heard of.
/// </remarks>
internal sealed class LogReader(
    ChangeProducer producer,
    LogProgress progress,
    SnapshotControl snapshots,
    SourceKeeper keeper,
    TimeProvider clock,
    IOptions<CaptureOptions> options,
    ILogger<LogReader> logger)
{
    // While a large transaction is being received, this often the log is asked where it stands.
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);

    // So long the server is given to end the stream when it is asked to.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // The prefix of messages in the log that carry a transaction's trace.
    private static ReadOnlySpan<byte> TracePrefix => "platform.trace"u8;

    // The prefix of an incremental snapshot's marks.
    private static readonly byte[] SnapshotPrefix = System.Text.Encoding.UTF8.GetBytes(IncrementalSnapshot.MarkPrefix);

    /// <summary>Reads until the connection ends or the token is cancelled.</summary>
    /// <param name="connection">An open connection for replication.</param>
    /// <param name="database">Connections for everything else.</param>
    /// <param name="catalogue">Describes the tables.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="NpgsqlException">The connection is lost, or Postgres refuses.</exception>
    /// <exception cref="MessageRefusedException">A change is too large for Kafka.</exception>
    public async Task ReadAsync(
        LogicalReplicationConnection connection, NpgsqlDataSource database, TableCatalogue catalogue, CancellationToken cancellationToken)
    {
        // The positions to confirm are sent by ConfirmAsync; the receiver's own interval is the safety net for long quiet times.
        connection.WalReceiverStatusInterval = TimeSpan.FromSeconds(10);
        var incremental = new IncrementalSnapshot(database, catalogue, producer, progress, snapshots, clock, options.Value);
        using var reading = new Reading(
            catalogue,
            new ChangePublisher(
                producer, progress, new EnvelopeWriter(clock), options.Value.TransactionTopic ? new TransactionTopic(producer, progress, options.Value) : null),
            incremental, keeper, producer, progress, options.Value);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var left = new CancellationTokenSource();
        var insisting = InsistAsync(database, connection.ProcessID, ended.Token, left.Token);
        var beside = Task.WhenAll(EndWith(ended, ConfirmAsync(connection, database, reading, ended.Token)), EndWith(ended, incremental.RunAsync(ended.Token)));
        try
        {
            logger.Streaming(options.Value.Slot);
            var record = new byte[64 * 1024];
            KeyValuePair<string, string?>[] plugin =
            [
                new("proto_version", "2"), new("streaming", "on"), new("messages", "true"),
                new("publication_names", $"\"{options.Value.Publication.Replace("\"", "\"\"", StringComparison.Ordinal)}\""),
            ];
            var slot = new PgOutputReplicationSlot(options.Value.Slot);
            await foreach (var message in connection.StartLogicalReplication(slot, ended.Token, walLocation: null, plugin, bypassingStream: true))
            {
                var length = 0;
                for (int read; (read = await message.Data.ReadAsync(record.AsMemory(length), ended.Token)) > 0;)
                {
                    length += read;
                    if (length == record.Length) Array.Resize(ref record, record.Length * 2);
                }

                if (length > 0) await reading.ReadAsync(record.AsMemory(0, length), (ulong)message.WalStart, ended.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && beside.IsFaulted)
        {
            await beside;
        }
        finally
        {
            await left.CancelAsync();
            await ended.CancelAsync();
            await insisting;
            await beside.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Ends the server's side of a stream that goes on although it was cancelled: a request to cancel that comes before the server has begun the stream cancels
    /// nothing, and Npgsql, which has then done what it can, waits for the end for as long as anything is sent.
    /// </summary>
    private async Task InsistAsync(NpgsqlDataSource database, int process, CancellationToken ended, CancellationToken left)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (true)
        {
            await Task.Delay(Patience, clock, left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (left.IsCancellationRequested) return;
            try
            {
                await using var terminate = database.CreateCommand("SELECT pg_terminate_backend($1)");
                terminate.Parameters.Add(new() { Value = process });
                await terminate.ExecuteNonQueryAsync(left);
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
            {
                // A server that does not answer does not send either, and the stream ends for that reason.
            }
        }
    }

    // When one of the tasks beside the reading fails, the reading ends too, and both begin again.
    private static async Task EndWith(CancellationTokenSource ended, Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await ended.CancelAsync();
            throw;
        }
    }

    /// <summary>Tells Postgres how much of the log it may drop.</summary>
    private async Task ConfirmAsync(LogicalReplicationConnection connection, NpgsqlDataSource database, Reading reading, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.ConfirmInterval, clock);
        var (confirmed, asked) = (0ul, 0L);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            // Before the server has sent anything the connection cannot confirm anything either.
            var received = (ulong)connection.LastReceivedLsn;
            if (received == 0) continue;
            if (!reading.HasOpenStreams)
            {
                progress.Idle(received);
            }
            else if (received > progress.DeliveredLsn && clock.GetElapsedTime(asked) > BetweenQuestions)
            {
                // The position may be that of a commit that nobody has looked at yet, and everything it commits would count as delivered. A small transaction of
                // our own tells for certain, when it comes.
                asked = clock.GetTimestamp();
                await LogPusher.TouchAsync(database, cancellationToken);
            }

            await keeper.SettleAsync(progress.DurableTicket(options.Value.ConfirmAfter), cancellationToken);
            var durable = progress.DurableLsn(options.Value.ConfirmAfter);
            if (durable <= confirmed) continue;
            keeper.Confirming(durable);
            connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(durable));
            await connection.SendStatusUpdate(cancellationToken);
            confirmed = durable;
        }
    }

    // One connection's reading: the tables as the log has described them, and large transactions that go on.
    private sealed class Reading(
        TableCatalogue catalogue, ChangePublisher publisher, IncrementalSnapshot incremental, SourceKeeper keeper, ChangeProducer producer, LogProgress progress,
        CaptureOptions options)
        : IDisposable
    {
        private readonly string _folder = options.SpoolPath ?? Path.Combine(Path.GetTempPath(), $"platform-capture-{Environment.ProcessId}");
        private readonly Dictionary<uint, CapturedTable> _tables = [];
        private readonly Dictionary<uint, TransactionSpool> _spools = [];
        private TransactionSpool? _spool;
        private byte[] _record = new byte[64 * 1024];
        private volatile bool _hasOpenStreams;

        /// <summary>Whether transactions are being received of which nobody knows yet whether they commit. False only once each of those that did is under way to the broker.</summary>
        public bool HasOpenStreams => _hasOpenStreams;

        public void Dispose()
        {
            publisher.Abandon();
            foreach (var spool in _spools.Values) spool.Dispose();
        }

        public async ValueTask ReadAsync(ReadOnlyMemory<byte> record, ulong lsn, CancellationToken cancellationToken)
        {
            switch (record.Span[0])
            {
                case LogRecord.StreamStart:
                    _hasOpenStreams = true;
                    _spool = SpoolOf(new LogRecord(record.Span).UInt32());
                    break;
                case LogRecord.StreamStop:
                    _spool = null;
                    break;
                case LogRecord.StreamAbort:
                    Abort(record.Span);
                    _hasOpenStreams = _spools.Count > 0;
                    break;
                case LogRecord.StreamCommit:
                    await CommitStreamAsync(record, cancellationToken);
                    _hasOpenStreams = _spools.Count > 0;
                    break;
                default:
                    if (_spool is null) await PublishAsync(record, lsn, cancellationToken);
                    else Spool(_spool, record.Span, lsn);
                    break;
            }
        }

        private TransactionSpool SpoolOf(uint xid) =>
            _spools.TryGetValue(xid, out var spool) ? spool : _spools[xid] = new TransactionSpool(_folder, xid);

        private static void Spool(TransactionSpool spool, ReadOnlySpan<byte> bytes, ulong lsn)
        {
            var record = new LogRecord(bytes);
            var subtransaction = record.UInt32();
            spool.Add(subtransaction, lsn, record.Kind, bytes[(1 + sizeof(uint))..]);
        }

        private void Abort(ReadOnlySpan<byte> bytes)
        {
            var record = new LogRecord(bytes);
            var (xid, subtransaction) = (record.UInt32(), record.UInt32());
            if (!_spools.TryGetValue(xid, out var spool)) return;
            if (xid != subtransaction)
            {
                spool.Abort(subtransaction);
                return;
            }

            _spools.Remove(xid);
            spool.Dispose();
        }

        private async Task CommitStreamAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            var (xid, commitLsn, endLsn, micros) = Read(bytes.Span);
            keeper.Reserve(commitLsn);
            publisher.Begin(xid, commitLsn, micros);
            if (_spools.Remove(xid, out var spool))
            {
                using (spool)
                {
                    spool.Rewind();
                    while (true)
                    {
                        spool.Read(ref _record, out var length, out var lsn);
                        if (length == 0) break;
                        await PublishAsync(_record.AsMemory(0, length), lsn, cancellationToken);
                    }
                }
            }

            publisher.Commit(endLsn);

            static (uint Xid, ulong CommitLsn, ulong EndLsn, long Micros) Read(ReadOnlySpan<byte> bytes)
            {
                var record = new LogRecord(bytes);
                var xid = record.UInt32();
                record.Byte();
                return (xid, record.Lsn(), record.Lsn(), record.Time());
            }
        }

        private ValueTask PublishAsync(ReadOnlyMemory<byte> record, ulong lsn, CancellationToken cancellationToken)
        {
            if (record.Span[0] == LogRecord.Relation) return new(DescribeAsync(record, cancellationToken));
            Publish(record.Span, lsn);
            return producer.IsFull || progress.UnappliedBytes > LargestUnapplied ? new(RoomAsync(cancellationToken)) : ValueTask.CompletedTask;
        }

        // Where the broker's acknowledgement counts, what the warehouse lacks is the broker's to keep.
        private long LargestUnapplied => options.ConfirmAfter == ConfirmAfter.WarehouseCommit ? options.LargestUnappliedBytes : long.MaxValue;

        private async Task RoomAsync(CancellationToken cancellationToken)
        {
            await producer.RoomAsync(cancellationToken);
            await progress.WaitForUnappliedAsync(LargestUnapplied, cancellationToken);
        }

        private async Task DescribeAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
        {
            var table = await catalogue.DescribeAsync(Read(record.Span), cancellationToken);
            _tables[table.Oid] = table;

            static LogRelation Read(ReadOnlySpan<byte> bytes)
            {
                var record = new LogRecord(bytes);
                return LogRelation.Read(ref record);
            }
        }

        private void Publish(ReadOnlySpan<byte> bytes, ulong lsn)
        {
            var record = new LogRecord(bytes);
            switch (record.Kind)
            {
                case LogRecord.Begin:
                {
                    var (commitLsn, micros) = (record.Lsn(), record.Time());
                    keeper.Reserve(commitLsn);
                    publisher.Begin(record.UInt32(), commitLsn, micros);
                    break;
                }

                case LogRecord.Commit:
                    record.Byte();
                    record.Lsn();
                    publisher.Commit(record.Lsn());
                    break;
                case LogRecord.Insert:
                {
                    var table = _tables[record.UInt32()];
                    record.Byte();
                    publisher.Insert(table, lsn, record.Row());
                    break;
                }

                case LogRecord.Update:
                {
                    var table = _tables[record.UInt32()];
                    var part = record.Byte();
                    LogRow before = default;
                    if (part is LogRecord.OldRow or LogRecord.OldKey)
                    {
                        before = record.Row();
                        record.Byte();
                    }

                    publisher.Update(table, lsn, before, part == LogRecord.OldKey, record.Row());
                    break;
                }

                case LogRecord.Delete:
                {
                    var table = _tables[record.UInt32()];
                    var part = record.Byte();
                    publisher.Delete(table, lsn, record.Row(), part == LogRecord.OldKey);
                    break;
                }

                case LogRecord.Truncate:
                {
                    var tables = record.Int32();
                    record.Byte();
                    for (var i = 0; i < tables; i++) publisher.Truncate(_tables[record.UInt32()], lsn);
                    break;
                }

                case LogRecord.Message:
                {
                    var isTransactional = (record.Byte() & 1) != 0;
                    record.Lsn();
                    var prefix = record.Text();
                    if (!isTransactional) break;
                    if (prefix.SequenceEqual(TracePrefix)) publisher.Trace(record.Bytes(record.Int32()));
                    else if (prefix.SequenceEqual(SnapshotPrefix)) incremental.Mark(record.Bytes(record.Int32()), publisher);
                    break;
                }

                default:
                    // Origins and types: what they tell is told by the catalogue, or is of no use here.
                    break;
            }
        }
    }
}
