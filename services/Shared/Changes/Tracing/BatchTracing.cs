using System.Diagnostics;

namespace Platform.Changes.Tracing;

/// <summary>
/// Makes the spans of a consumer that handles change events in batches: one for each traced transaction, below the span that published it,
/// and one for the batch, which has a trace of its own because it belongs to several. They link to each other. A batch without a traced
/// transaction has no span. Used again batch after batch; not thread-safe.
/// </summary>
/// <param name="source">Makes the spans.</param>
/// <param name="operation">What is done with a change, <c>apply</c> for instance; spans are named <c>{operation} {topic}</c>.</param>
/// <param name="group">The consumer group's name.</param>
public sealed class BatchTracing(ActivitySource source, string operation, string group)
{
    /// <summary>Most transactions of a batch that have a span; the batch's span says how many more there were.</summary>
    public const int MostTransactions = 128;

    private readonly Dictionary<ActivityContext, Transaction> _transactions = [];
    private readonly HashSet<ActivitySpanId> _omitted = [];
    private Activity? _batch;

    /// <summary>Notes a change of the batch.</summary>
    /// <param name="trace">Its transaction's trace; null when there is none, and then nothing is noted.</param>
    /// <param name="topic">Where it was read.</param>
    /// <param name="tenant">Its tenant, where it has one.</param>
    /// <param name="isParked">True for a change that could not be handled and went to the dead letters.</param>
    public void Add(ReceivedTrace? trace, string topic, string? tenant, bool isParked = false)
    {
        if (trace is null) return;
        if (!_transactions.TryGetValue(trace.Context, out var transaction))
        {
            if (_transactions.Count == MostTransactions)
            {
                _omitted.Add(trace.Context.SpanId);
                return;
            }

            transaction = _transactions[trace.Context] = new(trace.At, topic, tenant);
        }

        transaction.Changes++;
        if (isParked) transaction.Parked++;
        if (transaction.Topic != topic) transaction.Topic = null;
        if (transaction.Tenant != tenant) transaction.Tenant = null;
    }

    /// <summary>The batch is about to be handled: what is logged until <see cref="End"/> belongs to its span.</summary>
    /// <param name="began">When the consumer began to gather it.</param>
    public void Begin(DateTimeOffset began)
    {
        if (_transactions.Count == 0) return;
        Activity.Current = null;
        _batch = source.StartActivity(
            $"{operation} batch", ActivityKind.Consumer, parentContext: default, tags: null, _transactions.Keys.Select(context => new ActivityLink(context)), began);
    }

    /// <summary>It has been handled, or failed; the next batch begins.</summary>
    /// <param name="messages">Messages read for it.</param>
    /// <param name="changes">Changes among them that were new.</param>
    /// <param name="error">Why it failed; null when it did not.</param>
    public void End(int messages, int changes, string? error = null)
    {
        if (_transactions.Count == 0) return;
        if (_batch is { } batch)
        {
            Describe(batch);
            batch.SetTag("messaging.batch.message_count", messages);
            batch.SetTag("platform.changes", changes);
            batch.SetTag("platform.transactions.traced", _transactions.Count + _omitted.Count);
            if (_omitted.Count > 0) batch.SetTag("platform.transactions.omitted", _omitted.Count);
            if (error is not null) batch.SetStatus(ActivityStatusCode.Error, error);
            batch.Stop();
        }

        ActivityLink[] links = _batch is null ? [] : [new(_batch.Context)];
        foreach (var (context, transaction) in _transactions) Write(context, transaction, links, error);
        Clear();
    }

    /// <summary>Forgets what was noted, for a batch that is not handled.</summary>
    public void Clear()
    {
        _batch = null;
        _transactions.Clear();
        _omitted.Clear();
    }

    private void Write(ActivityContext context, Transaction transaction, ActivityLink[] links, string? error)
    {
        using var span = source.StartActivity(
            $"{operation} {transaction.Topic ?? ChangeTopics.Template}", ActivityKind.Consumer, context, tags: null, links, transaction.ReceivedAt);
        if (span is null) return;
        Describe(span);
        if (transaction.Topic is not null) span.SetTag("messaging.destination.name", transaction.Topic);
        if (transaction.Tenant is not null) span.SetTag("platform.tenant.id", transaction.Tenant);
        span.SetTag("platform.changes", transaction.Changes);
        if (transaction.Parked > 0)
        {
            span.SetTag("platform.changes.parked", transaction.Parked);
            error ??= $"{transaction.Parked} of {transaction.Changes} changes went to the dead letters.";
        }

        if (error is not null) span.SetStatus(ActivityStatusCode.Error, error);
    }

    private void Describe(Activity span)
    {
        span.SetTag("messaging.system", "kafka");
        span.SetTag("messaging.operation.type", "process");
        span.SetTag("messaging.operation.name", operation);
        span.SetTag("messaging.destination.template", ChangeTopics.Template);
        span.SetTag("messaging.consumer.group.name", group);
    }

    private sealed class Transaction(DateTimeOffset receivedAt, string topic, string? tenant)
    {
        public DateTimeOffset ReceivedAt => receivedAt;

        // Null when there are several.
        public string? Topic { get; set; } = topic;

        public string? Tenant { get; set; } = tenant;

        public int Changes { get; set; }

        public int Parked { get; set; }
    }
}
