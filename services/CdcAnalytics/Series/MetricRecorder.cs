using DuckDB.NET.Data;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Live;

namespace Platform.CdcAnalytics.Series;

/// <summary>
/// Writes each minute of every series into the warehouse once it is over and late events have had their time. A minute in which the service started is not
/// written: it was not seen whole.
/// </summary>
internal sealed class MetricRecorder(
    IEnumerable<IMetricSource> sources,
    IEnumerable<IMinuteListener> listeners,
    MetricHistory history,
    LiveWindows windows,
    IOptions<LiveOptions> options,
    TimeProvider clock,
    ILogger<MetricRecorder> logger) : BackgroundService
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Interval = TimeSpan.FromSeconds(1), PruneInterval = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        KnowAgain();
        var now = clock.GetUtcNow();
        var next = Aligned(now) + Minute;
        var prunedAt = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            now = clock.GetUtcNow();
            try
            {
                if (now - prunedAt > PruneInterval)
                {
                    prunedAt = now;
                    history.RemoveBefore(now - options.Value.HistoryRetention);
                }

                for (; next + Minute <= windows.WatermarkAt(now); next += Minute) Record(next);
            }
            catch (DuckDBException exception)
            {
                logger.NotRecorded(exception.Message);
            }
        }
    }

    private void Record(DateTimeOffset minute)
    {
        List<MetricPoint> points = [.. sources.SelectMany(source => source.Read(minute, minute + Minute))];
        history.Append(minute, points);
        foreach (var listener in listeners) listener.Recorded(minute, points);
    }

    // Who was active before is known to be quiet now.
    private void KnowAgain()
    {
        foreach (var (series, tenant) in history.ReadKnown())
        {
            if (series.EndsWith(".count", StringComparison.Ordinal)) windows.Know(series[..^".count".Length], tenant);
        }
    }

    private static DateTimeOffset Aligned(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % Minute.Ticks), TimeSpan.Zero);
}
