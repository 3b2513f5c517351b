using Platform.CdcAnalytics.Live;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Series;

/// <summary>
/// The live metrics as series: <c>requests.count</c>, <c>requests.errors</c>, <c>requests.p95</c>, <c>changes.count</c>, <c>changes.{entity}.count</c>, and for each entity with a
/// measure <c>{entity}.count</c> and <c>{entity}.amount</c>.
/// </summary>
internal sealed class LiveMetricSource(LiveWindows windows, ContractSet contracts, TimeProvider clock) : IMetricSource
{
    public IEnumerable<MetricPoint> Read(DateTimeOffset from, DateTimeOffset to)
    {
        var now = clock.GetUtcNow();
        foreach (var (metric, tenant) in windows.Known())
        {
            var window = windows.Between(metric, tenant, from, to, now);
            yield return new($"{metric}.count", tenant, window.Count);
            if (metric == RequestMeasurements.Requests) yield return new($"{metric}.errors", tenant, window.Errors);
            if (window.P95 is { } p95) yield return new($"{metric}.p95", tenant, p95);
            if (contracts.Find(metric) is not null) yield return new($"{metric}.amount", tenant, (double)window.Amount);
        }
    }
}
