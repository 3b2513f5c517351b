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
        var lastRows = new List<(SnapshotTable Table, SnapshotPart Part, byte[] Row, IReadOnlyList<string> Key, long Rows)>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.SnapshotParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(run.Parts.OrderByDescending(part => Table(part).Bytes), parallel, async (part, token) =>
        {
            var (row, key, rows) = await ReadAsync(database, run, part, Table(part), exported, token);
            lock (lastRows) lastRows.Add((Table(part), part, row, key, rows));
        });

        // Each table's last row was kept back, since only now it is known which row of all is the last.
        var publisher = Publisher();
        var remaining = lastRows.Count(last => last.Row.Length > 0);
        foreach (var (table, part, row, key, rows) in lastRows)
        {
            publisher.BeginSnapshot(run.Lsn, _xid, run.StartedAt);
            if (row.Length > 0) publisher.Row(table.Table, new LogRow(row, table.Table.Columns.Count), Marker(isLast: --remaining == 0));
            run.Note(publisher.EndSnapshot(NoPosition), part, rows, key, isDone: true);
        }

        SnapshotTable Table(SnapshotPart part) => tables.First(part.IsOf);
    }

    private async Task<(byte[] LastRow, IReadOnlyList<string> Key, long Rows)> ReadAsync(
        NpgsqlDataSource database, SnapshotRun run, SnapshotPart part, SnapshotTable table, string exported, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var begin = new NpgsqlCommand($"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '{exported}'", connection))
            await begin.ExecuteNonQueryAsync(cancellationToken);
        await using (var next = new NpgsqlCommand("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint", connection))
            _xid = unchecked((uint)(long)(await next.ExecuteScalarAsync(cancellationToken))!);
        await using var rows = await new SnapshotQuery(table, After: null, Filters: [], Limit: null) { IsByFile = part.File is not null }.OpenAsync(connection, cancellationToken);

        var publisher = Publisher();
        var (kept, length, inBatch) = (new byte[1024], 0, 0L);
        IReadOnlyList<string> key = [];
        while (await rows.NextAsync(cancellationToken))
        {
            if (length > 0)
            {
                if (inBatch++ == 0) publisher.BeginSnapshot(run.Lsn, _xid, run.StartedAt);
                publisher.Row(table.Table, new LogRow(kept.AsSpan(0, length), table.Table.Columns.Count), Marker(isLast: false));
                if (inBatch == options.SnapshotBatchRows)
                {
                    run.Note(publisher.EndSnapshot(NoPosition), part, inBatch, key, isDone: false);
                    inBatch = 0;
                    await RoomAsync(cancellationToken);
                }
            }

            length = rows.Bytes.Length;
            if (kept.Length < length) kept = new byte[length * 2];
            rows.Bytes.CopyTo(kept);
            // Asked for only where it is used: behind a batch, and at the end.
            if (inBatch == options.SnapshotBatchRows - 1) key = rows.Key();
        }

        if (inBatch > 0) publisher.EndSnapshot(NoPosition);
        return (kept.AsSpan(0, length).ToArray(), length > 0 ? rows.Key() : [], length > 0 ? inBatch + 1 : 0);
    }

    private ReadOnlySpan<byte> Marker(bool isLast) =>
        isLast ? "last"u8 : Interlocked.Exchange(ref _isBegun, 1) == 0 ? "first"u8 : "true"u8;

    private async Task RoomAsync(CancellationToken cancellationToken)
    {
        await producer.RoomAsync(cancellationToken);
        if (options.ConfirmAfter == ConfirmAfter.WarehouseCommit) await progress.WaitForUnappliedAsync(options.LargestUnappliedBytes, cancellationToken);
    }

    private ChangePublisher Publisher() => new(producer, progress, new EnvelopeWriter(clock), transactionTopic: null);
}
