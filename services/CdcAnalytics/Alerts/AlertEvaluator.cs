using DuckDB.NET.Data;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Alerts;

/// <summary>Looks at every rule from time to time and enters what it finds.</summary>
internal sealed class AlertEvaluator(
    RuleReader reader, AlertBook book, AlertStore store, IOptions<AlertOptions> options, TimeProvider clock, ILogger<AlertEvaluator> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        book.Restore(store.ReadAlerts(), store.ReadSilences(), options.Value.Rules);
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Evaluate();
    }

    private void Evaluate()
    {
        var now = clock.GetUtcNow();
        var changed = reader.Read(options.Value.Rules, now).SelectMany(read => book.Enter(read.Name, read.Rule, read.Findings, now)).ToList();
        foreach (var alert in changed)
        {
            if (alert.State == AlertState.Firing) logger.Fires(alert.Id, alert.Summary);
            else if (alert.State == AlertState.Resolved) logger.IsResolved(alert.Id, alert.Summary);
        }

        if (changed.Count == 0) return;
        try
        {
            store.Write(book.Alerts, book.Silences(now));
        }
        catch (DuckDBException exception)
        {
            logger.NotKept(exception.Message);
        }
    }
}
