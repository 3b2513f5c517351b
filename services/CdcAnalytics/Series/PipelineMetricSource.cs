using Platform.CdcAnalytics.Sources;

namespace Platform.CdcAnalytics.Series;

/// <summary>
/// Where the pipeline stands, as series: <c>pipeline.lag_ms</c> (of the source that is furthest behind), <c>pipeline.transactions</c> and <c>pipeline.unapplied_bytes</c>;
/// <c>capture.troubled</c> (sources that are not read), <c>capture.retained_bytes</c> and <c>capture.retained_share</c> (what the slots hold back, the largest, and its
/// share of the limit); and the same of each source: <c>capture.{cluster}.{database}.lag_ms</c>, <c>.lag_bytes</c>, <c>.retained_bytes</c>, <c>.retained_share</c>.
/// </summary>
internal sealed class PipelineMetricSource(CaptureSources sources) : IMetricSource
{
    public IEnumerable<MetricPoint> Read(DateTimeOffset from, DateTimeOffset to)
    {
        var all = sources.All;
        var reports = all.Select(source => source.Progress.Report()).ToList();
        yield return new("pipeline.lag_ms", null, reports.Max(report => report.LagMilliseconds));
        yield return new("pipeline.transactions", null, reports.Sum(report => report.TransactionsUnderWay));
        yield return new("pipeline.unapplied_bytes", null, reports[0].UnappliedBytes);
        yield return new("capture.troubled", null, all.Count(source => source.State.Trouble is not null));
        yield return new("capture.retained_bytes", null, all.Max(source => source.Watch.Latest.RetainedBytes));
        yield return new("capture.retained_share", null, all.Max(source => source.Watch.Latest.RetainedShare));
        foreach (var (source, report) in all.Zip(reports))
        {
            var (name, slot) = ($"capture.{source.Address.Cluster}.{source.Address.Database}", source.Watch.Latest);
            yield return new($"{name}.lag_ms", null, report.LagMilliseconds);
            yield return new($"{name}.lag_bytes", null, slot.LagBytes);
            yield return new($"{name}.retained_bytes", null, slot.RetainedBytes);
            yield return new($"{name}.retained_share", null, slot.RetainedShare);
        }
    }
}
