using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Tracking;

/// <summary>
/// The requests that wait to be sent. Adding one never waits: as the queue fills only one of so many is kept, and when it is full none. What
/// is left out is counted: <c>platform.gateway.tracking.left_out</c> by reason, and <c>platform.gateway.tracking.sample_rate</c>.
/// </summary>
internal sealed class RequestQueue : IDisposable
{
    private readonly Channel<TrackedRequest> _waiting;
    private readonly Meter _meter = new("Platform.Gateway");
    private readonly Counter<long> _tracked, _leftOut;
    private readonly ILogger<RequestQueue> _logger;
    private readonly int _capacity;
    private int _rate = 1;
    private long _sent, _sampledOut, _overflowed, _undelivered;

    public RequestQueue(IOptions<TrackingOptions> options, ILogger<RequestQueue> logger)
    {
        _capacity = options.Value.QueueCapacity;
        _logger = logger;
        _waiting = Channel.CreateBounded<TrackedRequest>(new BoundedChannelOptions(_capacity) { SingleReader = true });
        _tracked = _meter.CreateCounter<long>("platform.gateway.tracking.sent", description: "Request events that the broker has acknowledged.");
        _leftOut = _meter.CreateCounter<long>("platform.gateway.tracking.left_out", description: "Requests without an event, by reason.");
        _meter.CreateObservableGauge("platform.gateway.tracking.sample_rate", () => SampleRate, description: "How many requests one event stands for.");
    }

    /// <summary>How many requests one kept request stands for at the moment; 1 when all are kept.</summary>
    public int SampleRate => Volatile.Read(ref _rate);

    /// <summary>The counts since the start.</summary>
    public TrackingCounts Counts =>
        new(Interlocked.Read(ref _sent), Interlocked.Read(ref _sampledOut), Interlocked.Read(ref _overflowed), Interlocked.Read(ref _undelivered));

    /// <summary>What waits, for its one reader.</summary>
    public ChannelReader<TrackedRequest> Waiting => _waiting.Reader;

    /// <summary>True when the next request is to be kept; otherwise it is counted as left out.</summary>
    public bool Keeps(out int weight)
    {
        weight = Gateway.Tracking.SampleRate.For(_waiting.Reader.Count, _capacity);
        var before = Interlocked.Exchange(ref _rate, weight);
        if (before != weight) Report(before, weight);
        if (weight == 1 || Random.Shared.Next(weight) == 0) return true;
        LeaveOut(ref _sampledOut, "sampled");
        return false;
    }

    public void Add(TrackedRequest request)
    {
        if (!_waiting.Writer.TryWrite(request)) LeaveOut(ref _overflowed, "queue-full");
    }

    /// <summary>The broker has the event.</summary>
    public void Sent()
    {
        Interlocked.Increment(ref _sent);
        _tracked.Add(1);
    }

    /// <summary>The broker did not take the event in time.</summary>
    public void Undelivered() => LeaveOut(ref _undelivered, "undelivered");

    public void Dispose() => _meter.Dispose();

    private void LeaveOut(ref long count, string reason)
    {
        Interlocked.Increment(ref count);
        _leftOut.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    private void Report(int before, int now)
    {
        if (before == 1) _logger.SamplingBegun(now);
        else if (now == 1) _logger.SamplingEnded();
    }
}
