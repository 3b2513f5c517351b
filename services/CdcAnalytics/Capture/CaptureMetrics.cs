using System.Diagnostics.Metrics;
using Platform.CdcAnalytics.Sources;

namespace Platform.CdcAnalytics.Capture;

/// <summary>The capture's metrics, meter <c>Platform.Capture</c>; each source's has the tags <c>cluster</c> and <c>database</c>.</summary>
internal sealed class CaptureMetrics : IDisposable
{
    /// <summary>The meter.</summary>
    public const string MeterName = "Platform.Capture";

    private readonly Meter _meter;
    private readonly CaptureSources _sources;

    public CaptureMetrics(IMeterFactory meters, CaptureSources sources)
    {
        _sources = sources;
        _meter = meters.Create(MeterName);
        _meter.CreateObservableCounter("platform.capture.events", () => Each(source => source.Progress.Report().CapturedEvents), "{event}", "Change events sent.");
        _meter.CreateObservableGauge("platform.capture.lag.bytes", () => Each(source => source.Watch.Latest.LagBytes), "By", "Bytes of the log that the broker does not have.");
        _meter.CreateObservableGauge("platform.capture.lag.time", () => Each(source => source.Progress.Report().LagMilliseconds / 1000), "s", "Age of the oldest transaction that the warehouse does not have.");
        _meter.CreateObservableGauge("platform.capture.slot.retained", () => Each(source => source.Watch.Latest.RetainedBytes), "By", "Bytes of the log that the slot holds back.");
        _meter.CreateObservableGauge("platform.capture.unapplied", () => sources.Default.Progress.UnappliedBytes, "By", "Bytes of events that the warehouse has not committed, of all sources.");
        _meter.CreateObservableGauge("platform.capture.streaming", () => Each(source => source.State.Activity == "streaming" ? 1 : 0), null, "1 while the log is read.");
        _meter.CreateObservableCounter(
            "platform.capture.snapshot.rows", () => Each(source => source.Snapshots.All.Sum(run => run.Parts.Sum(part => part.Rows))), "{row}", "Rows of snapshots that are durable.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> Each<T>(Func<CaptureSource, T> value)
        where T : struct => _sources.All.Select(source => new Measurement<T>(value(source), new("cluster", source.Address.Cluster), new("database", source.Address.Database)));
}
