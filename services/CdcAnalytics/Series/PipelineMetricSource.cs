using Platform.CdcAnalytics.Pipeline;

namespace Platform.CdcAnalytics.Series;

/// <summary>Where the pipeline stands, as series: <c>pipeline.lag_ms</c>, <c>pipeline.transactions</c> and <c>pipeline.unapplied_bytes</c>.</summary>
internal sealed class PipelineMetricSource(LogProgress progress) : IMetricSource
{
    public IEnumerable<MetricPoint> Read(DateTimeOffset from, DateTimeOffset to)
    {
        var report = progress.Report();
        return
        [
            new("pipeline.lag_ms", null, report.LagMilliseconds),
            new("pipeline.transactions", null, report.TransactionsUnderWay),
            new("pipeline.unapplied_bytes", null, report.UnappliedBytes),
        ];
    }
}
