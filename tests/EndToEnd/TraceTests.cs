using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Platform.Harness.Telemetry;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>A change is one trace, from the request to the warehouse and the cache; and metrics and logs arrive beside it.</summary>
public sealed class TraceTests(PlatformFixture fixture)
{
    private const int Server = 2, Client = 3, Producer = 4, Consumer = 5;
    private const string Topic = "cdc.app.customers";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private OtlpReceiver Collector => fixture.Collector;

    [Fact]
    public async Task A_change_is_one_trace_from_the_gateway_to_the_warehouse_and_the_cache()
    {
        const string tenant = "traced";
        var (trace, _) = await CreateCustomerAsync(tenant, isSampled: true);
        var spans = await WaitForAsync(trace, "apply", "invalidate");

        var send = Assert.Single(spans, span => span.Name == $"send {Topic}");
        var apply = Assert.Single(spans, span => span.Name == $"apply {Topic}");
        var invalidate = Assert.Single(spans, span => span.Name == $"invalidate {Topic}");
        Assert.Equal([("cdc", Producer), ("cdc", Consumer), ("cache-service", Consumer)], new[] { send, apply, invalidate }.Select(span => (span.Service, span.Kind)));
        Assert.Equal([send.SpanId, send.SpanId], [apply.ParentId, invalidate.ParentId]);
        Assert.All([send, apply, invalidate], span => Assert.Equal(("1", tenant), (span.Attributes["platform.changes"], span.Attributes["platform.tenant.id"])));

        var above = Above(send, spans);
        Assert.Equal([("data", Server), ("gateway", Client), ("gateway", Server)], above.Select(span => (span.Service, span.Kind)));
        Assert.Contains(spans, span => span.Scope == "Npgsql" && span.ParentId == above[0].SpanId);

        // The batch has a trace of its own, since it is of many; the two link to each other.
        var batch = await WaitForAsync(span => span.Name == "apply batch" && span.Links.Contains(send.SpanId));
        Assert.Equal([batch.SpanId], apply.Links);
        Assert.NotEqual(trace, batch.TraceId);
    }

    [Fact]
    public async Task An_unsampled_request_and_an_update_by_psql_make_no_span()
    {
        const string tenant = "untraced";
        var (unsampled, id) = await CreateCustomerAsync(tenant, isSampled: false);
        Assert.Equal(1, await fixture.Platform.ExecuteAsync(tenant, $"UPDATE app.customers SET first_name = 'Psql' WHERE customer_id = {id}"));
        // What comes behind them is traced; when it has arrived they have as well.
        var (sampled, _) = await CreateCustomerAsync(tenant, isSampled: true);
        await WaitForAsync(sampled, "apply", "invalidate");

        Assert.Equal("", Describe(Collector.Spans.Where(span => span.TraceId == unsampled)));
        Assert.All(Collector.Spans.Where(span => span.Attributes.GetValueOrDefault("platform.tenant.id") == tenant), span => Assert.Equal(sampled, span.TraceId));
    }

    [Fact]
    public async Task A_read_shows_that_the_cache_was_asked()
    {
        var (_, id) = await CreateCustomerAsync("reader", isSampled: true);
        using var client = await fixture.Platform.TenantAsync("reader");
        var trace = ActivityTraceId.CreateRandom().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/data/customers/{id}") { Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } } };
        await client.SendAsync(request, Cancellation);
        await WaitForAsync(span => span.TraceId == trace && span.Scope == "OpenTelemetry.Instrumentation.StackExchangeRedis");
    }

    [Fact]
    public async Task Commands_of_no_request_are_in_no_trace()
    {
        var (trace, _) = await CreateCustomerAsync("background", isSampled: true);
        await WaitForAsync(trace, "apply");
        Assert.Equal("", Describe(Collector.Spans.Where(span => span.ParentId.Length == 0 && span.Scope is ("Npgsql" or "OpenTelemetry.Instrumentation.StackExchangeRedis"))));
    }

    [Theory]
    [InlineData("cdc", "Platform.Capture", "platform.capture.events", "{event}")]
    [InlineData("cdc", "Platform.Capture", "platform.capture.lag.time", "s")]
    [InlineData("cdc", "Platform.Warehouse", "platform.warehouse.events", "{event}")]
    [InlineData("cdc", "Platform.Warehouse", "platform.warehouse.batch.duration", "s")]
    [InlineData("cache-service", "Platform.Invalidation", "platform.cache.invalidations", "{row}")]
    [InlineData("cache-service", "Platform.Invalidation", "platform.cache.invalidation.lag", "s")]
    [InlineData("cdc", "System.Runtime", "dotnet.gc.collections", "{collection}")]
    [InlineData("gateway", "Microsoft.AspNetCore.Hosting", "http.server.request.duration", "s")]
    [InlineData("gateway", "System.Net.Http", "http.client.request.duration", "s")]
    [InlineData("data", "Npgsql", "db.client.operation.duration", "s")]
    public Task Metrics_arrive(string service, string meter, string name, string unit) => Eventually.HoldsAsync(
        () => Task.FromResult((
            Collector.Metrics.Contains(new(service, meter, name, unit)),
            string.Join(", ", Collector.Metrics.Where(metric => metric.Service == service).Select(metric => $"{metric.Scope} {metric.Name} {metric.Unit}")))),
        Patience, Cancellation);

    [Fact]
    public Task Structured_logs_arrive() => Eventually.HoldsAsync(
        () => Task.FromResult((
            Collector.Logs.Any(log => log.Service == "cdc" && log.Scope == "Platform.CdcAnalytics.Warehouse.ChangeConsumer"
                && log.Attributes.TryGetValue("Partitions", out var partitions) && log.Body == $"Applying changes to the warehouse from where {partitions} partitions stand"),
            string.Join('\n', Collector.Logs.Where(log => log.Service == "cdc").Select(log => $"{log.Scope}: {log.Body} ({string.Join(", ", log.Attributes)})")))),
        Patience, Cancellation);

    private static string Describe(IEnumerable<ReceivedSpan> spans) =>
        string.Join('\n', spans.Select(span => $"{span.Service} {span.Scope} {span.Kind} {span.Name} {span.SpanId} below {span.ParentId}"));

    private static List<ReceivedSpan> Above(ReceivedSpan span, IReadOnlyList<ReceivedSpan> spans)
    {
        List<ReceivedSpan> above = [];
        while (spans.FirstOrDefault(other => other.SpanId == span.ParentId) is { } parent) above.Add(span = parent);
        return above;
    }

    private async Task<(string TraceId, long Id)> CreateCustomerAsync(string tenant, bool isSampled)
    {
        await fixture.Platform.CreateTenantAsync(tenant);
        using var client = await fixture.Platform.TenantAsync(tenant);
        var trace = ActivityTraceId.CreateRandom().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/data/customers")
        {
            Content = JsonContent.Create(new { first_name = "A", last_name = "B", address = "C", city = "Oslo", country = "Norway", email = "a@example.com" }),
            Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-{(isSampled ? "01" : "00")}" } },
        };
        using var answer = await client.SendAsync(request, Cancellation);
        await answer.RequireSuccessAsync();
        return (trace, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("customer_id").GetInt64());
    }

    // Services send what they have once a second, each for itself; the gateway's span may come last.
    private async Task<IReadOnlyList<ReceivedSpan>> WaitForAsync(string trace, params string[] operations)
    {
        IReadOnlyList<ReceivedSpan> spans = [];
        await Eventually.HoldsAsync(
            () =>
            {
                spans = [.. Collector.Spans.Where(span => span.TraceId == trace)];
                var isComplete = operations.All(operation => spans.Any(span => span.Name.StartsWith($"{operation} ", StringComparison.Ordinal)))
                    && spans.Any(span => span is { Service: "cdc", Kind: Producer }) && spans.Any(span => span is { Service: "data", Kind: Server })
                    && spans.Any(span => span is { Service: "gateway", Kind: Server }) && spans.Any(span => span is { Service: "gateway", Kind: Client });
                return Task.FromResult((isComplete, Describe(spans)));
            },
            Patience, Cancellation);
        return spans;
    }

    private async Task<ReceivedSpan> WaitForAsync(Func<ReceivedSpan, bool> condition)
    {
        ReceivedSpan? found = null;
        await Eventually.HoldsAsync(
            () =>
            {
                found = Collector.Spans.FirstOrDefault(condition);
                return Task.FromResult((found is not null, $"{Collector.Spans.Count} spans"));
            },
            Patience, Cancellation);
        return found!;
    }
}
