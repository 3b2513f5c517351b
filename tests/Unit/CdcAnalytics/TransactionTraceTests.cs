using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Envelopes;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.Harness;
using Xunit;

namespace Platform.Unit.CdcAnalytics;

public sealed class TransactionTraceTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", Request = "00f067aa0ba902b7", Topic = "cdc.app.orders";
    private const long Committed = 1_767_323_045_000_000;

    private static readonly ChangePlace Place = new() { Xid = 7, CommitLsn = 0x16B3748, CommittedMicros = Committed };
    private readonly TransactionTrace _trace = new();

    [Fact]
    public void A_traced_transaction_has_one_span_below_the_request_and_its_events_carry_that()
    {
        using var spans = Listen();
        Note($"00-{TraceId}-{Request}-01");
        var headers = Enumerable.Range(0, 3).Select(_ => Header(Topic, "jane")).ToList();
        var span = _trace.Complete(changes: 3, messages: 4)!;
        Assert.Empty(spans.Ended);
        span.Stop();

        Assert.Equal(span, Assert.Single(spans.Ended));
        Assert.Equal((TraceId, Request, ActivityKind.Producer, $"send {Topic}"), (span.TraceId.ToString(), span.ParentSpanId.ToString(), span.Kind, span.DisplayName));
        Assert.Equal(DateTime.UnixEpoch.AddTicks(Committed * TimeSpan.TicksPerMicrosecond), span.StartTimeUtc);
        Assert.All(headers, header => Assert.Equal($"00-{TraceId}-{span.SpanId}-01", header));
        Assert.Equal(
            ["kafka", "send", "send", Topic, "cdc.{schema}.{table}", 4L, 3L, "jane", "postgres/platform", "0/16B3748"],
            Tags(span, "messaging.system", "messaging.operation.type", "messaging.operation.name", "messaging.destination.name", "messaging.destination.template",
                "messaging.batch.message_count", "platform.changes", "platform.tenant.id", "platform.source", "platform.commit.lsn"));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void What_differs_within_a_transaction_is_left_out()
    {
        using var spans = Listen();
        Note($"00-{TraceId}-{Request}-01");
        Header(Topic, "jane");
        Header("cdc.app.order_lines", "joe");
        Header(Topic, "jane");
        var span = _trace.Complete(changes: 3, messages: 3)!;
        Assert.Equal("send cdc.{schema}.{table}", span.DisplayName);
        Assert.Equal([null, null], Tags(span, "messaging.destination.name", "platform.tenant.id"));
    }

    [Fact]
    public void An_untraced_transaction_after_a_traced_one_has_neither_span_nor_header()
    {
        using var spans = Listen();
        Note($"00-{TraceId}-{Request}-01");
        Header(Topic, "jane");
        _trace.Complete(changes: 1, messages: 1)!.Stop();
        _trace.Clear();
        Assert.Equal("", Header(Topic, "jane"));
        Assert.Null(_trace.Complete(changes: 1, messages: 1));
        Assert.Single(spans.Ended);
    }

    [Fact]
    public void A_traced_transaction_without_a_captured_change_has_no_span()
    {
        using var spans = Listen();
        Note($"00-{TraceId}-{Request}-01");
        Assert.Null(_trace.Complete(changes: 0, messages: 0));
        Assert.Empty(spans.Ended);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData($"00-{TraceId}-0000000000000000-01")]
    [InlineData($"ff-{TraceId}-{Request}-01")]
    public void A_malformed_trace_in_the_log_is_ignored(string traceparent)
    {
        using var spans = Listen();
        Note(traceparent);
        Assert.Equal("", Header(Topic, "jane"));
        Assert.Null(_trace.Complete(changes: 1, messages: 1));
    }

    [Fact]
    public void An_unsampled_trace_is_carried_on_without_a_span()
    {
        using var spans = Listen();
        Note($"00-{TraceId}-{Request}-00");
        Assert.Equal($"00-{TraceId}-{Request}-00", Header(Topic, "jane"));
        Assert.Null(_trace.Complete(changes: 1, messages: 1));
        Assert.Empty(spans.Ended);
    }

    [Fact]
    public void Where_the_sampler_here_says_no_the_request_is_carried_on()
    {
        using var spans = new RecordedSpans([TransactionTrace.Source.Name], isWanted: _ => false);
        Note($"00-{TraceId}-{Request}-01");
        Assert.Equal($"00-{TraceId}-{Request}-01", Header(Topic, "jane"));
        Assert.Null(_trace.Complete(changes: 1, messages: 1));
    }

    [Fact]
    public void A_later_version_is_carried_on_as_the_one_that_is_known()
    {
        Note($"cc-{TraceId}-{Request}-01-more");
        Assert.Equal($"00-{TraceId}-{Request}-01", Header(Topic, "jane"));
    }

    [Fact]
    public void While_nobody_listens_the_request_is_carried_on_and_nothing_is_allocated()
    {
        var (traceparent, tenant) = (Encoding.UTF8.GetBytes($"00-{TraceId}-{Request}-01"), Encoding.UTF8.GetBytes("jane"));
        Transaction();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Transaction();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal($"00-{TraceId}-{Request}-01", Header(Topic, "jane"));

        void Transaction()
        {
            _trace.Clear();
            _trace.Note(traceparent);
            _trace.Header(Topic, tenant, Place, "postgres/platform");
            _trace.Complete(changes: 1, messages: 1);
        }
    }

    [Fact]
    public void A_transaction_that_is_not_published_to_its_end_leaves_a_failed_span()
    {
        using var spans = Listen();
        Note($"00-{TraceId}-{Request}-01");
        Header(Topic, "jane");
        _trace.Abandon("The connection is lost.");
        Assert.Equal((ActivityStatusCode.Error, "The connection is lost."), (Assert.Single(spans.Ended).Status, spans.Ended[0].StatusDescription));
    }

    [Fact]
    public void The_span_ends_when_the_broker_has_every_event_and_the_commit_was_read()
    {
        using var spans = Listen();
        var broker = new BrokerProgress(TimeProvider.System);
        var (progress, topic) = (broker.Add("postgres", "platform"), new TopicHandle(Topic, pointer: 0));
        Dictionary<TopicPartition, long> nothing = new() { [new(Topic, 0)] = 0 };
        progress.Begin(nothing, nothing, confirmedLsn: 0);

        var early = Send(events: 2);
        broker.Delivered(early, topic, partition: 0, offset: 0);
        broker.Delivered(early, topic, partition: 0, offset: 1);
        Assert.Empty(spans.Ended);
        progress.Commit(early, 100, Span());
        Assert.Single(spans.Ended);

        var late = Send(events: 1);
        progress.Commit(late, 200, Span());
        Assert.Single(spans.Ended);
        broker.Delivered(late, topic, partition: 0, offset: 2);
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Unset], spans.Ended.Select(span => span.Status));

        // What was under way when the log is read from anew is sent again.
        var lost = Send(events: 1);
        progress.Commit(lost, 300, Span());
        progress.Begin(nothing, nothing, confirmedLsn: 200);
        broker.Delivered(lost, topic, partition: 0, offset: 3);
        Assert.Equal(ActivityStatusCode.Error, spans.Ended[2].Status);
        Assert.Equal(3, spans.Ended.Count);

        long Send(int events)
        {
            var ticket = progress.BeginTransaction(Committed);
            for (var i = 0; i < events; i++) progress.Sent(ticket, topic, bytes: 1);
            return ticket;
        }

        Activity Span()
        {
            _trace.Clear();
            Note($"00-{TraceId}-{Request}-01");
            Header(Topic, "jane");
            return _trace.Complete(changes: 1, messages: 1)!;
        }
    }

    private static RecordedSpans Listen() => new([TransactionTrace.Source.Name]);

    private static object?[] Tags(Activity span, params string[] names) => [.. names.Select(span.GetTagItem)];

    private void Note(string traceparent) => _trace.Note(Encoding.UTF8.GetBytes(traceparent));

    private string Header(string topic, string tenant) => Encoding.UTF8.GetString(_trace.Header(topic, Encoding.UTF8.GetBytes(tenant), Place, "postgres/platform"));
}
