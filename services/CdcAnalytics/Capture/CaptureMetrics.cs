using System.Diagnostics.Metrics;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Slots;
using Platform.CdcAnalytics.Snapshots;

namespace Platform.CdcAnalytics.Capture;

/// <summary>The capture's metrics, meter <c>Platform.Capture</c>.</summary>
internal sealed class CaptureMetrics : IDisposable
{
    /// <summary>The meter.</summary>
    public const string MeterName = "Platform.Capture";

    private readonly Meter _meter;

    public CaptureMetrics(IMeterFactory meters, LogProgress progress, SlotWatch slot, SnapshotControl snapshots, CaptureState state)
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableCounter("platform.capture.events", () => progress.Report().CapturedEvents, "{event}", "Change events sent.");
        _meter.CreateObservableGauge("platform.capture.lag.bytes", () => slot.Latest.LagBytes, "By", "Bytes of the log that the broker does not have.");
        _meter.CreateObservableGauge("platform.capture.lag.time", () => progress.Report().LagMilliseconds / 1000, "s", "Age of the oldest transaction that the warehouse does not have.");
        _meter.CreateObservableGauge("platform.capture.slot.retained", () => slot.Latest.RetainedBytes, "By", "Bytes of the log that the slot holds back.");
        _meter.CreateObservableGauge("platform.capture.unapplied", () => progress.UnappliedBytes, "By", "Bytes of events that the warehouse has not committed.");
        _meter.CreateObservableGauge("platform.capture.streaming", () => state.Activity == "streaming" ? 1 : 0, null, "1 while the log is read.");
        _meter.CreateObservableCounter("platform.capture.snapshot.rows", () => snapshots.All.Sum(run => run.Parts.Sum(part => part.Rows)), "{row}", "Rows of snapshots that are durable.");
    }

    public void Dispose() => _meter.Dispose();
}
