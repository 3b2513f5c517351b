using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Changes.Tracing;

namespace Platform.CacheService.Invalidation;

/// <summary>The invalidation's spans and metrics, source and meter <c>Platform.Invalidation</c>.</summary>
internal sealed class InvalidationTelemetry : IDisposable
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "Platform.Invalidation";

    /// <summary>Makes the spans.</summary>
    public static readonly ActivitySource Source = new(Name);

    private readonly Meter _meter;
    private readonly Counter<long> _rows, _flushes;
    private readonly Histogram<double> _lag;

    public InvalidationTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _rows = _meter.CreateCounter<long>("platform.cache.invalidations", "{row}", "Changed rows taken out of the cache.");
        _flushes = _meter.CreateCounter<long>("platform.cache.flushes", "{flush}", "Times that the whole cache was emptied, because changes may have been missed.");
        _lag = _meter.CreateHistogram<double>(
            "platform.cache.invalidation.lag", "s", "Time from a batch's last commit to its invalidation.",
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    }

    /// <summary>A consumer's spans.</summary>
    public static BatchTracing Tracing() => new(Source, "invalidate", "cache-invalidation");

    /// <summary>Rows were taken out.</summary>
    public void Invalidated(int rows, TimeSpan lag)
    {
        _rows.Add(rows);
        _lag.Record(lag.TotalSeconds);
    }

    /// <summary>The cache was emptied.</summary>
    public void Flushed() => _flushes.Add(1);

    public void Dispose() => _meter.Dispose();
}
