using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.Changes.Tracing;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>The warehouse's spans and metrics, source and meter <c>Platform.Warehouse</c>.</summary>
internal sealed class WarehouseTelemetry : IDisposable
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "Platform.Warehouse";

    /// <summary>Makes the spans.</summary>
    public static readonly ActivitySource Source = new(Name);

    private static readonly KeyValuePair<string, object?> Applied = new("result", "applied"), Repeated = new("result", "repeated"), Parked = new("result", "parked");

    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _batches;

    public WarehouseTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _events = _meter.CreateCounter<long>("platform.warehouse.events", "{event}", "Events read, by result: applied, repeated, parked in the dead letters.");
        _batches = _meter.CreateHistogram<double>(
            "platform.warehouse.batch.duration", "s", "Time that a batch's transaction took.",
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    }

    /// <summary>A consumer's spans.</summary>
    public static BatchTracing Tracing() => new(Source, "apply", "warehouse");

    /// <summary>A batch is committed.</summary>
    public void Committed(ChangeBatch batch, TimeSpan duration)
    {
        _batches.Record(duration.TotalSeconds);
        Count(batch.Applied, Applied);
        Count(batch.Parked.Count, Parked);
        Count(batch.Read - batch.Applied - batch.Parked.Count, Repeated);
    }

    public void Dispose() => _meter.Dispose();

    private void Count(int events, in KeyValuePair<string, object?> result)
    {
        if (events > 0) _events.Add(events, result);
    }
}
