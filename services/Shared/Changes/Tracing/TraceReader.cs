using System.Diagnostics;
using Confluent.Kafka;

namespace Platform.Changes.Tracing;

/// <summary>Reads the traces of messages as they are received. Not thread-safe.</summary>
/// <param name="source">Whose spans are wanted: while nobody listens to it, nothing is read.</param>
/// <param name="clock">The time.</param>
public sealed class TraceReader(ActivitySource source, TimeProvider clock)
{
    // The messages of a transaction follow each other and have the same header, which is read once.
    private byte[] _header = [];
    private ReceivedTrace? _trace;

    /// <summary>The trace of a message; null when it has none, it is malformed or not sampled, or nobody listens.</summary>
    public ReceivedTrace? Read(Headers? headers)
    {
        if (headers is null || !source.HasListeners() || !headers.TryGetLastBytes(TraceParent.Header, out var header) || header is null) return null;
        if (header.AsSpan().SequenceEqual(_header)) return _trace;
        _header = header;
        return _trace = TraceParent.TryParse(header, out var context) && context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            ? new(context, clock.GetUtcNow())
            : null;
    }
}
