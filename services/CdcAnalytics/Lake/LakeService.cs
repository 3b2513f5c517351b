using DuckDB.NET.Data;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Warehouse;

namespace Platform.CdcAnalytics.Lake;

/// <summary>
/// Keeps the lake up to date. Before the first change is applied, it removes what an export that did not end has left, or fills a
/// warehouse that is new from a lake that is not.
/// </summary>
internal sealed class LakeService(
    WarehouseStore warehouse, LakeStore lake, LakeReplay replay, LakeVerification verification, LakeFolder folder, IOptions<LakeOptions> options, TimeProvider clock, ILogger<LakeService> logger)
    : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using (await warehouse.TurnAsync(cancellationToken)) Begin();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var turn = await warehouse.TurnAsync(CancellationToken.None);
        Export();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var verified = clock.GetTimestamp();
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            using (await warehouse.TurnAsync(stoppingToken)) Export();
            if (clock.GetElapsedTime(verified) < options.Value.VerificationInterval) continue;
            await VerifyAsync(stoppingToken);
            verified = clock.GetTimestamp();
        }
    }

    /// <summary>What has to be done before the first change is applied.</summary>
    internal void Begin()
    {
        if (!warehouse.IsNew)
        {
            if (lake.RemoveOrphans() is > 0 and var orphans) logger.OrphansRemoved(orphans);
            return;
        }

        var files = folder.Files();
        if (files.Count > 0)
        {
            logger.Rebuilding(files.Count);
            warehouse.Empty();
            lake.Adopt(files);
            replay.Run();
        }

        warehouse.Founded();
    }

    private async Task VerifyAsync(CancellationToken stoppingToken)
    {
        try
        {
            await verification.RunAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DuckDBException)
        {
            logger.VerificationFailed(exception);
        }
    }

    private void Export()
    {
        // A rebuild that did not end: the lake has all of it, and the next start fills the warehouse again.
        if (warehouse.IsNew) return;
        try
        {
            var rows = lake.Waiting();
            if (rows == 0) return;
            var files = lake.Export();
            lake.Compact(options.Value.MostFilesOfADay);
            logger.Exported(rows, files.Count);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DuckDBException)
        {
            logger.ExportFailed(exception);
        }
    }
}
