using System.Diagnostics;
using System.Text;
using Platform.CdcAnalytics.Envelopes;
using Platform.Changes;
using Platform.Changes.Tracing;
using Platform.Replication;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// The trace of the transaction that is being published. The request that wrote it left its span in the log; from the first change on there
/// is a span of capture's below it, from the commit to the broker's acknowledgement, and the events carry that one on, so that what
/// consumers do is below it. While nobody listens the request's own span is carried on, and nothing is allocated. Not thread-safe.
/// </summary>
internal sealed class TransactionTrace
{
    /// <summary>Makes the spans.</summary>
    public static readonly ActivitySource Source = new("Platform.Capture");

    private readonly byte[] _header = new byte[TraceParent.Length];
    private byte[] _tenant = [];
    private Activity? _span;
    private string? _topic;
    private bool _isTraced, _isPending, _hasOneTenant;

    /// <summary>A transaction begins; it has no trace so far.</summary>
    public void Clear()
    {
        Abandon("Another transaction began.");
        _isTraced = _isPending = false;
    }

    /// <summary>The transaction belongs to a trace. What is malformed is ignored, and so is all but the first.</summary>
    /// <param name="traceparent">The span of the request that wrote it.</param>
    public void Note(ReadOnlySpan<byte> traceparent)
    {
        if (_isTraced || !TraceParent.IsValid(traceparent)) return;
        traceparent[..TraceParent.Length].CopyTo(_header);
        // A later version is handed on as the one that is known.
        "00"u8.CopyTo(_header);
        _isTraced = _isPending = true;
    }

    /// <summary>The header of the event that is sent next; empty when the transaction has no trace.</summary>
    /// <param name="topic">The event's topic.</param>
    /// <param name="tenant">Its tenant; empty when it has none.</param>
    /// <param name="place">The transaction.</param>
    /// <param name="source">The source's name.</param>
    public ReadOnlySpan<byte> Header(string topic, ReadOnlySpan<byte> tenant, in ChangePlace place, string source)
    {
        if (!_isTraced) return default;
        if (_isPending) Begin(topic, tenant, place, source);
        if (_span is null) return _header;
        if (_topic is not null && _topic != topic) _topic = null;
        _hasOneTenant = _hasOneTenant && tenant.SequenceEqual(_tenant);
        return _header;
    }

    /// <summary>Every change of the transaction has been sent.</summary>
    /// <param name="changes">How many there were.</param>
    /// <param name="messages">Messages that they took.</param>
    /// <returns>The span, which ends when the broker has them; null when there is none.</returns>
    public Activity? Complete(long changes, long messages)
    {
        if (_span is not { } span) return null;
        _span = null;
        span.DisplayName = $"send {_topic ?? ChangeTopics.Template}";
        if (_topic is not null) span.SetTag("messaging.destination.name", _topic);
        if (_hasOneTenant && _tenant.Length > 0) span.SetTag("platform.tenant.id", Encoding.UTF8.GetString(_tenant));
        span.SetTag("messaging.batch.message_count", messages);
        span.SetTag("platform.changes", changes);
        return span;
    }

    /// <summary>The transaction is not published to its end: it is read from the log again, and has another span then.</summary>
    public void Abandon(string reason)
    {
        Fail(_span, reason);
        _span = null;
    }

    /// <summary>Ends a span as failed.</summary>
    public static void Fail(Activity? span, string reason)
    {
        span?.SetStatus(ActivityStatusCode.Error, reason);
        span?.Stop();
    }

    private void Begin(string topic, ReadOnlySpan<byte> tenant, in ChangePlace place, string source)
    {
        _isPending = false;
        // A trace that is not recorded goes on unrecorded, whatever the sampler here would say.
        if (!Source.HasListeners() || !TraceParent.TryParse(_header, out var request) || !request.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)) return;
        var current = Activity.Current;
        Activity.Current = null;
        var span = Source.StartActivity(
            $"send {topic}", ActivityKind.Producer, request, tags: null, links: null, DateTimeOffset.UnixEpoch.AddTicks(place.CommittedMicros * TimeSpan.TicksPerMicrosecond));
        // It ends on another thread, and what this one does besides is not part of it.
        Activity.Current = current;
        if (span is not { Recorded: true }) return;

        (_span, _topic, _tenant, _hasOneTenant) = (span, topic, tenant.ToArray(), true);
        span.SetTag("messaging.system", "kafka");
        span.SetTag("messaging.operation.type", "send");
        span.SetTag("messaging.operation.name", "send");
        span.SetTag("messaging.destination.template", ChangeTopics.Template);
        span.SetTag("platform.source", source);
        span.SetTag("platform.commit.lsn", LsnText.Format(place.CommitLsn));
        Encoding.ASCII.GetBytes($"00-{span.TraceId.ToHexString()}-{span.SpanId.ToHexString()}-01", _header);
    }
}
