using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.Replication;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Snapshots;
using Platform.CdcAnalytics.Tables;

namespace Platform.CdcAnalytics.Slots;

/// <summary>Makes a slot and sends the tables as they are where it begins.</summary>
internal sealed class SlotStarter(
    SourceKeeper keeper, ChangeProducer producer, LogProgress progress, IOptions<CaptureOptions> options, TimeProvider clock, ILogger<SlotStarter> logger)
{
    /// <summary>
    /// Whether an interrupted first snapshot can go on beside the log. A table that is read neither by its key nor as its rows lie cannot: nobody knows which of them were sent.
    /// </summary>
    public static bool CanGoOn(SourceState remembered) => remembered.IsStreaming
        || remembered.Snapshots.All(run => run.Status.IsOver() || run.Parts.All(part => part.IsDone || part.HasKey || part.File is not null));

    /// <summary>Makes the slot anew, and returns when the snapshot is sent and the log may be read.</summary>
    /// <param name="database">Connections.</param>
    /// <param name="replication">An open connection for replication. The snapshot lives until its next command.</param>
    /// <param name="catalogue">Describes the tables.</param>
    /// <param name="found">The slot as it was found.</param>
    /// <param name="remembered">What was remembered of an earlier slot; null when nothing was.</param>
    /// <param name="loss">Why it is made anew; null at the first start.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="NpgsqlException">Postgres refuses, or is lost.</exception>
    public async Task StartAsync(
        NpgsqlDataSource database, LogicalReplicationConnection replication, TableCatalogue catalogue, SlotState found, SourceState? remembered, string? loss,
        CancellationToken cancellationToken)
    {
        var name = options.Value.Slot;
        await RequirePublicationAsync(database, cancellationToken);
        if (found.Exists)
        {
            await using var drop = database.CreateCommand("SELECT pg_drop_replication_slot($1)");
            drop.Parameters.Add(new() { Value = name });
            await drop.ExecuteNonQueryAsync(cancellationToken);
        }

        var reserved = remembered?.ReservedLsn ?? 0;
        await LogPusher.PushAsync(database, reserved, cancellationToken);
        var slot = await replication.CreatePgOutputReplicationSlot(
            name, slotSnapshotInitMode: LogicalSlotSnapshotInitMode.Export, cancellationToken: cancellationToken);
        // The snapshot is sent by a producer of its own, which has nothing else to do and may wait until it has much.
        using var writing = progress.BulkProducer();
        using var bulk = producer.ForBulk();
        var tables = await SnapshotCatalogue.ReadAsync(database, catalogue.For(bulk), options.Value.Publication, cancellationToken);
        var run = new SnapshotRun
        {
            Id = clock.GetUtcNow().ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture),
            Reason = loss ?? "The slot is new.",
            StartedAt = clock.GetUtcNow(),
            Lsn = (ulong)slot.ConsistentPoint,
            // Also at the first start: what a warehouse has from elsewhere is no row of these tables.
            Reconciles = true,
            Parts = [.. tables.Select(table => new SnapshotPart
            {
                Schema = table.Table.Schema, Table = table.Table.Name, EstimatedRows = table.EstimatedRows, HasKey = table.Key.Count > 0, File = table.File,
            })],
        };
        keeper.Begin(new SourceState
        {
            SystemIdentifier = found.SystemIdentifier, Timeline = found.Timeline, Slot = name, ConfirmedLsn = run.Lsn,
            ReservedLsn = Math.Max(reserved, run.Lsn), Snapshots = [run],
        });
        logger.SlotMade(name, slot.ConsistentPoint.ToString(), tables.Count);

        using var settling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var settled = SettleAsync(settling.Token);
        try
        {
            await new InitialSnapshot(bulk, progress, clock, options.Value).RunAsync(database, run, slot.SnapshotName!, tables, cancellationToken);
            // Behind all rows: once they are in the broker, it has everything up to the slot's beginning, and changes may follow.
            var behind = progress.BeginTransaction(committedMicros: 0);
            progress.Commit(behind, run.Lsn);
            await progress.WaitForTicketAsync(behind, cancellationToken);
        }
        finally
        {
            await settling.CancelAsync();
            await settled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await SettleOnceAsync(cancellationToken);
        keeper.Streaming();
    }

    // A slot that is older than its publication cannot be read, and its snapshot has no tables.
    private async Task RequirePublicationAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand("SELECT EXISTS (SELECT 1 FROM pg_publication WHERE pubname = $1)");
        find.Parameters.Add(new() { Value = options.Value.Publication });
        if (await find.ExecuteScalarAsync(cancellationToken) is not true)
            throw new SlotUnusableException($"The database has no publication {options.Value.Publication} yet; the slot is made when it has.");
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.ConfirmInterval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken)) await SettleOnceAsync(cancellationToken);
    }

    private Task SettleOnceAsync(CancellationToken cancellationToken) =>
        keeper.SettleAsync(progress.DurableTicket(options.Value.ConfirmAfter), cancellationToken);
}
