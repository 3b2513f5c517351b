using System.Globalization;
using System.Text;
using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Envelopes;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Tables;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>
/// Reads tables, or parts of them, chunk by chunk while their changes go on (<see cref="ChunkWindow"/>): for each chunk a mark is written into the log, the
/// rows are read, and another mark is written; where the reader of the log comes to the second mark, it sends the rows that have not changed since the
/// first. So they stand in their topic where they belong, between older and newer changes.
/// </summary>
internal sealed class IncrementalSnapshot(
    NpgsqlDataSource database, TableCatalogue catalogue, ChangeProducer producer, LogProgress progress, SnapshotControl control, TimeProvider clock, CaptureOptions options)
{
    /// <summary>Prefix of the marks in the log.</summary>
    public const string MarkPrefix = "platform.snapshot";

    // Of a table that was never analysed; and what is taken for the least, so that a chunk is no more than a few megabytes however wrong the estimate is.
    private const long UsualRowsOfBlock = 100, FewestRowsOfBlock = 20;

    private readonly ChangePublisher _publisher = new(producer, progress, new EnvelopeWriter(clock), transactionTopic: null);
    private readonly string _session = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private Chunk? _chunk;
    private ChunkWindow? _window;

    /// <summary>Reads what is ordered until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var run = await control.NextAsync(cancellationToken);
            foreach (var part in run.Parts.Where(part => !part.IsSent))
            {
                while (!part.IsSent && control.MayGoOn(run)) await ReadChunkAsync(run, part, cancellationToken);
            }
        }
    }

    /// <summary>The reader of the log has come to a mark.</summary>
    /// <param name="content">What the mark says.</param>
    /// <param name="changes">Sends the changes, of which the mark's transaction is the latest; notes those of the chunk's table from the first mark to the second.</param>
    public void Mark(ReadOnlySpan<byte> content, ChangePublisher changes)
    {
        // Marks of an earlier session are behind us; what they were for is read again.
        if (Volatile.Read(ref _chunk) is not { } chunk) return;
        if (content.SequenceEqual(chunk.Low))
        {
            changes.Window = _window = new ChunkWindow(chunk.TableOid);
            if (chunk.Run.Lsn == 0) chunk.Run.Lsn = changes.CommitLsn;
        }
        else if (content.SequenceEqual(chunk.High) && _window is not null)
        {
            Send(chunk, _window, changes.CommitLsn);
            changes.Window = _window = null;
            Volatile.Write(ref _chunk, null);
            chunk.IsSent.SetResult();
        }
    }

    private async Task ReadChunkAsync(SnapshotRun run, SnapshotPart part, CancellationToken cancellationToken)
    {
        var table = (await SnapshotCatalogue.ReadAsync(database, catalogue, options.Publication, cancellationToken)).FirstOrDefault(part.IsOf);
        if (part.File is not null && table?.File != part.File) run.StartOver(part);
        if (table is null || (part.File is null && table.Key.Count == 0 && part.SentRows > 0))
        {
            control.Fail(run, table is null ? $"{part.Schema}.{part.Table} is not in the publication any more." : $"{part.Schema}.{part.Table} has no primary key to go on behind.");
            return;
        }

        var chunk = new Chunk(run, part, table, _session, part.SentRows);
        Volatile.Write(ref _chunk, chunk);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await WriteAsync(connection, chunk.Low, cancellationToken);
        if (part.File is null) await ReadRowsAsync(connection, chunk, cancellationToken);
        else await ReadBlocksAsync(connection, chunk, cancellationToken);
        await WriteAsync(connection, chunk.High, cancellationToken);
        await chunk.IsSent.Task.WaitAsync(cancellationToken);
        await producer.RoomAsync(cancellationToken);
    }

    private async Task ReadRowsAsync(NpgsqlConnection connection, Chunk chunk, CancellationToken cancellationToken)
    {
        var (part, table) = (chunk.Part, chunk.Table);
        var filters = part.Filters.Select(filter => new RowFilter(
            table.Table.Columns.ToList().FindIndex(column => column.Name == filter.Column), RowFilter.Operators[filter.Operator], filter.Value)).ToList();
        // Without a key there is no second chunk, so the first one has everything.
        int? limit = table.Key.Count == 0 ? null : options.IncrementalChunkRows;
        await using var rows = await new SnapshotQuery(table, part.SentAfter ?? part.After, filters, limit).OpenAsync(connection, cancellationToken);
        await rows.ReadAsync(chunk.Rows, cancellationToken);
        if (chunk.Rows.Count > 0) chunk.LastKey = rows.KeyOf(chunk.Rows[^1]);
        chunk.IsLast = limit is null || chunk.Rows.Count < limit;
    }

    // The rest of a first snapshot that was read as rows lie. A row that has moved since is in the log, with all of its values.
    private async Task ReadBlocksAsync(NpgsqlConnection connection, Chunk chunk, CancellationToken cancellationToken)
    {
        var (table, after) = (chunk.Table, chunk.Part.SentAfter ?? chunk.Part.After);
        var rowsOfBlock = table.EstimatedRows > 0 ? Math.Max(FewestRowsOfBlock, table.EstimatedRows / Math.Max(1, table.Blocks)) : UsualRowsOfBlock;
        var end = (after is [var place] ? BlockOf(place) : 0) + Math.Max(1, options.IncrementalChunkRows / rowsOfBlock);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var rows = await new SnapshotQuery(table, after, Filters: [], Limit: null) { IsByFile = true, BeforeBlock = end }.OpenAsync(connection, cancellationToken))
            await rows.ReadAsync(chunk.Rows, cancellationToken);

        // As long as this transaction holds the table nobody writes it anew, so what is true now was true of the rows.
        await using var find = new NpgsqlCommand("SELECT pg_relation_filenode($1)", connection, transaction);
        find.Parameters.Add(new() { Value = table.Table.Oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid });
        if (await find.ExecuteScalarAsync(cancellationToken) is uint file && file == chunk.Part.File)
        {
            (chunk.LastKey, chunk.IsLast) = ([string.Create(CultureInfo.InvariantCulture, $"({end},0)")], end >= table.Blocks);
            return;
        }

        // The next turn sees it too, and starts over.
        chunk.Rows.Clear();
    }

    private void Send(Chunk chunk, ChunkWindow window, ulong lsn)
    {
        var table = chunk.Table.Table;
        _publisher.BeginSnapshot(lsn, xid: 0, clock.GetUtcNow());
        for (var i = 0; i < chunk.Rows.Count; i++)
        {
            var row = new LogRow(chunk.Rows[i], table.Columns.Length);
            if (!window.HasChanged(_publisher.KeyOf(table, row))) _publisher.Row(table, row, "incremental"u8);
        }

        chunk.Run.Note(_publisher.EndSnapshot(endLsn: 1), chunk.Part, chunk.Rows.Count, chunk.LastKey, chunk.IsLast);
    }

    // Of a place like (block,row).
    private static long BlockOf(string place) => long.Parse(place.AsSpan(1, place.IndexOf(',', StringComparison.Ordinal) - 1), CultureInfo.InvariantCulture);

    private static async Task WriteAsync(NpgsqlConnection connection, byte[] content, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_logical_emit_message(true, $1, $2)", connection);
        command.Parameters.Add(new() { Value = MarkPrefix });
        command.Parameters.Add(new() { Value = Encoding.UTF8.GetString(content) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Chunk(SnapshotRun run, SnapshotPart part, SnapshotTable table, string session, long number)
    {
        public SnapshotRun Run => run;

        public SnapshotPart Part => part;

        public SnapshotTable Table => table;

        public uint TableOid => table.Table.Oid;

        public RowBatch Rows { get; } = new();

        public IReadOnlyList<string> LastKey { get; set; } = [];

        public bool IsLast { get; set; }

        public byte[] Low { get; } = Content("low", session, run, part, number);

        public byte[] High { get; } = Content("high", session, run, part, number);

        public TaskCompletionSource IsSent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private static byte[] Content(string kind, string session, SnapshotRun run, SnapshotPart part, long number) =>
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {session} {run.Id} {part.Schema}.{part.Table} {number}"));
    }
}
