using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Envelopes;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>
/// Reads tables as they are at the position at which a slot begins: with what the slot brings afterwards there is neither a gap nor an overlap. Several
/// tables are read at the same time, each as its rows lie in its file, or in the order of its key.
/// </summary>
internal sealed class InitialSnapshot(ChangeProducer producer, LogProgress progress, TimeProvider clock, CaptureOptions options)
{
    // The position of rows that say nothing about how much of the log is in the broker.
    private const ulong NoPosition = 1;

    // Wide rows make a batch before it has the rows that it may have.
    private const int BatchBytes = 1 << 20;

    // While so many batches of a table are sent, the next is read.
    private const int Senders = 2;

    private int _isBegun;
    private uint _xid;

    /// <summary>Sends every row of the parts, and returns when all are sent.</summary>
    /// <param name="database">Connections.</param>
    /// <param name="run">The snapshot, whose position is the slot's.</param>
    /// <param name="exported">Name of the slot's exported snapshot.</param>
    /// <param name="tables">The tables of the parts.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="NpgsqlException">A connection is lost, or Postgres refuses.</exception>
    public async Task RunAsync(
        NpgsqlDataSource database, SnapshotRun run, string exported, IReadOnlyList<SnapshotTable> tables, CancellationToken cancellationToken)
    {
        var lastRows = new List<(SnapshotTable Table, SnapshotPart Part, byte[] Row, IReadOnlyList<string> Key)>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.SnapshotParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(run.Parts.OrderByDescending(part => Table(part).Bytes), parallel, async (part, token) =>
        {
            var (row, key) = await ReadAsync(database, run, part, Table(part), exported, token);
            lock (lastRows) lastRows.Add((Table(part), part, row, key));
        });

        // Each table's last row was kept back, since only now it is known which row of all is the last.
        var publisher = Publisher();
        var remaining = lastRows.Count(last => last.Row.Length > 0);
        foreach (var (table, part, row, key) in lastRows)
        {
            publisher.BeginSnapshot(run.Lsn, _xid, run.StartedAt);
            if (row.Length > 0) publisher.Row(table.Table, new LogRow(row, table.Table.Columns.Length), Marker(isLast: --remaining == 0));
            run.Note(publisher.EndSnapshot(NoPosition), part, row.Length > 0 ? 1 : 0, key, isDone: true);
        }

        SnapshotTable Table(SnapshotPart part) => tables.First(part.IsOf);
    }

    private async Task<(byte[] LastRow, IReadOnlyList<string> Key)> ReadAsync(
        NpgsqlDataSource database, SnapshotRun run, SnapshotPart part, SnapshotTable table, string exported, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var begin = new NpgsqlCommand($"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '{exported}'", connection))
            await begin.ExecuteNonQueryAsync(cancellationToken);
        await using (var ask = new NpgsqlCommand("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint", connection))
            _xid = unchecked((uint)(long)(await ask.ExecuteScalarAsync(cancellationToken))!);
        await using var rows = await new SnapshotQuery(table, After: null, Filters: [], Limit: null) { IsByFile = part.File is not null }.OpenAsync(connection, cancellationToken);

        var publishers = Enumerable.Range(0, Senders).Select(_ => Publisher()).ToArray();
        var batches = Enumerable.Range(0, Senders + 1).Select(_ => new RowBatch(options.SnapshotBatchRows, BatchBytes)).ToArray();
        var sending = new Queue<Task<Sent>>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Read(batches[0]);
        try
        {
            for (var i = 0; ; i++)
            {
                var (batch, publisher) = (batches[i % batches.Length], publishers[i % Senders]);
                var isMore = await reading;
                if (isMore) reading = Read(batches[(i + 1) % batches.Length]);
                var rowsToSend = isMore ? batch.Count : batch.Count - 1;
                if (rowsToSend > 0) sending.Enqueue(Task.Run(() => Send(publisher, batch, rowsToSend), ending.Token));
                // In the order of the rows, whichever was sent first: what is remembered is up to where all of them are.
                while (sending.Count > (isMore ? Senders - 1 : 0))
                {
                    var sent = await sending.Dequeue();
                    run.Note(sent.Ticket, part, sent.Rows, sent.Key, isDone: false);
                    await RoomAsync(cancellationToken);
                }

                if (!isMore) return batch.Count == 0 ? ([], []) : (batch[^1].ToArray(), rows.KeyOf(batch[^1]));
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll([reading, .. sending]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<bool> Read(RowBatch batch)
        {
            batch.Clear();
            return Task.Run(() => rows.ReadAsync(batch, ending.Token).AsTask(), ending.Token);
        }

        Sent Send(ChangePublisher publisher, RowBatch batch, int count)
        {
            publisher.BeginSnapshot(run.Lsn, _xid, run.StartedAt);
            for (var i = 0; i < count; i++) publisher.Row(table.Table, new LogRow(batch[i], table.Table.Columns.Length), Marker(isLast: false));
            return new(publisher.EndSnapshot(NoPosition), count, rows.KeyOf(batch[count - 1]));
        }
    }

    private ReadOnlySpan<byte> Marker(bool isLast) =>
        isLast ? "last"u8 : Interlocked.Exchange(ref _isBegun, 1) == 0 ? "first"u8 : "true"u8;

    private async Task RoomAsync(CancellationToken cancellationToken)
    {
        await producer.RoomAsync(cancellationToken);
        if (options.ConfirmAfter == ConfirmAfter.WarehouseCommit) await progress.WaitForUnappliedAsync(options.LargestUnappliedBytes, cancellationToken);
    }

    private ChangePublisher Publisher() => new(producer, progress, new EnvelopeWriter(clock), transactionTopic: null);

    // Rows of a batch that were sent with a ticket, and the key of the last, or where it lies.
    private sealed record Sent(long Ticket, int Rows, IReadOnlyList<string> Key);
}
