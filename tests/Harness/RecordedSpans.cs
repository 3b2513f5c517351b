using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Harness;

/// <summary>Listens to some sources of this process and keeps the spans that have ended, until it is disposed.</summary>
public sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    /// <param name="sources">Names of the sources.</param>
    /// <param name="isWanted">Which traces are recorded; default: all, unsampled ones too.</param>
    public RecordedSpans(IReadOnlyCollection<string> sources, Func<ActivityTraceId, bool>? isWanted = null)
    {
        _listener = new()
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            Sample = (ref options) => isWanted?.Invoke(options.TraceId) != false ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans that have ended, the first one first.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended];

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();
}
