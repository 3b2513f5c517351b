using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Platform.Changes.Tracing;
using Platform.Harness;
using Xunit;

namespace Platform.Unit.Changes;

public sealed class BatchTracingTests : IDisposable
{
    private const string Orders = "cdc.app.orders", Lines = "cdc.app.order_lines";
    private static readonly DateTimeOffset Began = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly ActivitySource _source = new($"test-{Guid.NewGuid():N}");
    private readonly RecordedSpans _spans;
    private readonly TraceReader _reader;
    private readonly BatchTracing _tracing;

    public BatchTracingTests()
    {
        _spans = new([_source.Name]);
        _reader = new(_source, TimeProvider.System);
        _tracing = new(_source, "apply", "warehouse");
    }

    public void Dispose()
    {
        _spans.Dispose();
        _source.Dispose();
    }

    [Fact]
    public void Each_traced_transaction_has_one_span_below_the_one_that_published_it_and_the_batch_links_to_them()
    {
        var (first, second) = (NewTrace(), NewTrace());
        _tracing.Add(Read(first), Orders, "jane");
        _tracing.Add(Read(second), Orders, "joe");
        _tracing.Add(Read(first), Lines, "jane");
        _tracing.Add(Read(null), Orders, "jill");
        Handle(messages: 5, changes: 4);

        var batch = Assert.Single(_spans.Ended, span => span.DisplayName == "apply batch");
        Assert.Equal(default, batch.ParentSpanId);
        Assert.Equal([5, 4, 2, null], Tags(batch, "messaging.batch.message_count", "platform.changes", "platform.transactions.traced", "platform.transactions.omitted"));
        Assert.Equal([IdOf(first), IdOf(second)], batch.Links.Select(link => Id(link.Context)));

        Assert.Equal([IdOf(first), IdOf(second)], Consumers().Select(span => (span.TraceId.ToString(), span.ParentSpanId.ToString())));
        Assert.All(Consumers(), span => Assert.Equal(Id(batch.Context), Id(Assert.Single(span.Links).Context)));
        Assert.Equal(["apply cdc.{schema}.{table}", $"apply {Orders}"], Consumers().Select(span => span.DisplayName));
        Assert.Equal([2, null, "jane"], Tags(Consumers()[0], "platform.changes", "messaging.destination.name", "platform.tenant.id"));
        Assert.Equal([1, Orders, "joe", "warehouse"], Tags(Consumers()[1], "platform.changes", "messaging.destination.name", "platform.tenant.id", "messaging.consumer.group.name"));
        Assert.All(_spans.Ended, span => Assert.Equal(ActivityKind.Consumer, span.Kind));
        Assert.Null(Activity.Current);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    public void A_batch_without_a_valid_sampled_trace_has_no_span(string? header)
    {
        _tracing.Add(Read(header), Orders, "jane");
        Handle(messages: 1, changes: 1);
        Assert.Empty(_spans.Ended);
    }

    [Fact]
    public void A_header_without_a_value_is_ignored()
    {
        Assert.Null(_reader.Read(null));
        Assert.Null(_reader.Read(new Headers { { TraceParent.Header, null } }));
        Assert.Null(_reader.Read(new Headers { { "tenant", "jane"u8.ToArray() } }));
    }

    [Fact]
    public void While_nobody_listens_no_trace_is_read()
    {
        _spans.Dispose();
        Assert.Null(Read(NewTrace()));
    }

    [Fact]
    public void A_batch_of_ten_thousand_traced_transactions_has_a_bounded_number_of_spans_and_says_so()
    {
        for (var i = 0; i < 10_000; i++) _tracing.Add(Read(NewTrace()), Orders, "jane");
        Handle(messages: 10_000, changes: 10_000);

        Assert.Equal(BatchTracing.MostTransactions + 1, _spans.Ended.Count);
        var batch = _spans.Ended.Single(span => span.DisplayName == "apply batch");
        Assert.Equal(BatchTracing.MostTransactions, batch.Links.Count());
        Assert.Equal([10_000, 10_000 - BatchTracing.MostTransactions], Tags(batch, "platform.transactions.traced", "platform.transactions.omitted"));

        // And the next batch knows nothing of it.
        _tracing.Add(Read(NewTrace()), Orders, "jane");
        Handle(messages: 1, changes: 1);
        Assert.Equal([1, null], Tags(_spans.Ended.Last(span => span.DisplayName == "apply batch"), "platform.transactions.traced", "platform.transactions.omitted"));
    }

    [Fact]
    public void A_span_begins_when_its_first_message_was_received_and_the_batch_when_gathering_began()
    {
        var trace = Read(NewTrace())! with { At = Began.AddSeconds(1) };
        _tracing.Add(trace, Orders, "jane");
        Handle(messages: 1, changes: 1);
        Assert.Equal([Began.UtcDateTime, Began.AddSeconds(1).UtcDateTime], _spans.Ended.Select(span => span.StartTimeUtc));
    }

    [Fact]
    public void A_failed_batch_and_a_parked_change_are_told()
    {
        var parked = NewTrace();
        _tracing.Add(Read(parked), Orders, "jane");
        _tracing.Add(Read(parked), Orders, "jane", isParked: true);
        Handle(messages: 2, changes: 1);
        Assert.Equal(1, Consumers()[0].GetTagItem("platform.changes.parked"));
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error], _spans.Ended.Select(span => span.Status));

        _tracing.Add(Read(NewTrace()), Orders, "jane");
        _tracing.Begin(Began);
        _tracing.End(messages: 1, changes: 1, error: "the disk is full");
        Assert.All(_spans.Ended.Skip(2), span => Assert.Equal((ActivityStatusCode.Error, "the disk is full"), (span.Status, span.StatusDescription)));
    }

    [Fact]
    public void What_is_handled_meanwhile_belongs_to_the_batch()
    {
        _tracing.Add(Read(NewTrace()), Orders, "jane");
        _tracing.Begin(Began);
        Assert.Equal("apply batch", Activity.Current?.DisplayName);
        _tracing.End(messages: 1, changes: 1);
        Assert.Null(Activity.Current);
    }

    private static string NewTrace() => $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01";

    private static (string, string) IdOf(string traceparent) => (traceparent[3..35], traceparent[36..52]);

    private static (string, string) Id(ActivityContext context) => (context.TraceId.ToString(), context.SpanId.ToString());

    private static object?[] Tags(Activity span, params string[] names) => [.. names.Select(span.GetTagItem)];

    private List<Activity> Consumers() => [.. _spans.Ended.Where(span => span.DisplayName != "apply batch")];

    private ReceivedTrace? Read(string? header) =>
        _reader.Read(header is null ? [] : new Headers { { "tenant", "jane"u8.ToArray() }, { TraceParent.Header, Encoding.UTF8.GetBytes(header) } });

    private void Handle(int messages, int changes)
    {
        _tracing.Begin(Began);
        _tracing.End(messages, changes);
    }
}
