using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Warehouse;
using Platform.Changes.Tracing;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Capture;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Warehouse;

/// <summary>Headers that name a trace, well-formed and not, in a real topic.</summary>
public sealed class TraceHeaderTests(BrokerFixture broker) : IClassFixture<BrokerFixture>, IDisposable
{
    private static readonly nint TraceHeader = MessageHeaders.Name(TraceParent.Header);
    private static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };
    private readonly ContractSet _contracts = new([new() { Name = $"things_{Guid.NewGuid():N}", Version = "1.0.0", Columns = [Id], Key = Id }]);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Topic => $"cdc.app.{_contracts.Entities[0].Name}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_change_is_applied_and_those_of_a_sampled_trace_are_in_one_span_of_it()
    {
        var (trace, publisher) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        using var spans = new RecordedSpans([WarehouseTelemetry.Name]);
        var settings = Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = _folder["warehouse.duckdb"] });
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "warehouse", AllowAutoCreateTopics = true, FetchWaitMaxMs = 20 }).Build();
        using var session = new BrokerSession(consumer, broker.BootstrapServers, _contracts, Microsoft.Extensions.Options.Options.Create(new CaptureOptions { ConfirmAfter = ConfirmAfter.BrokerAcknowledgement }), Microsoft.Extensions.Options.Options.Create(new ProducerOptions()));
        var progress = new BrokerProgress(TimeProvider.System);
        using var producer = new ChangeProducer(broker.BootstrapServers, new ProducerOptions(), progress, NullLogger.Instance);
        using var store = new WarehouseStore(_contracts, settings);
        using var telemetry = new WarehouseTelemetry(new UncollectedMeters());
        using var service = new ChangeConsumer(
            consumer, store, session, progress, _contracts, new HeldRows(), new DeadLetterTopic(producer), telemetry, settings, TimeProvider.System, NullLogger<ChangeConsumer>.Instance);

        string?[] headers =
        [
            $"00-{trace}-{publisher}-01", "", "nonsense", $"00-{trace}-{publisher}-00", $"00-{trace}-0000000000000000-01", $"ff-{trace}-{publisher}-01",
            $"00-{trace.ToString().ToUpperInvariant()}-{publisher}-01", $"00-{trace}-{publisher}-01-more", new string('é', 40), null, $"00-{trace}-{publisher}-01",
        ];
        for (var i = 0; i < headers.Length; i++) Send(producer, i, headers[i]);
        await Eventually.HoldsAsync(() => Task.FromResult((producer.BacklogBytes == 0, $"{producer.BacklogBytes} bytes on their way")), Deadline.Usual, Cancellation);
        await service.StartAsync(Cancellation);
        await Eventually.HoldsAsync(() => Task.FromResult((Rows(store) == headers.Length, $"{Rows(store)} rows; {service.ExecuteTask?.Exception}")), Deadline.Usual, Cancellation);
        await service.StopAsync(Cancellation);

        var applied = spans.Ended.Where(span => span.TraceId == trace).ToList();
        Assert.All(applied, span => Assert.Equal((publisher, $"apply {Topic}"), (span.ParentSpanId, span.DisplayName)));
        // A batch is what has come in time; whatever the batches were, nothing else is counted.
        Assert.Equal(2, applied.Sum(span => (int)span.GetTagItem("platform.changes")!));
        Assert.Equal(applied.Count, spans.Ended.Count(span => span.DisplayName == "apply batch"));
        Assert.Equal(applied.Count * 2, spans.Ended.Count);
    }

    private void Send(ChangeProducer producer, int id, string? traceparent)
    {
        var headers = new MessageHeaders();
        if (traceparent is not null) headers.Add(TraceHeader, Encoding.UTF8.GetBytes(traceparent));
        var value = Encoding.UTF8.GetBytes(
            $$"""{"before":null,"after":{"tenant_id":"jane","id":{{id}}},"source":{"version":"platform-1.0","ts_us":1,"lsn":1},"transaction":{"id":"7:{{100 + id}}","total_order":1},"op":"c"}""");
        producer.Send(producer.Topic(Topic), partition: 0, Encoding.UTF8.GetBytes($"{id}"), value, isTombstone: false, headers, LogProgress.NoTransaction);
    }

    private long Rows(WarehouseStore store)
    {
        using var connection = store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {store.Table(_contracts.Entities[0]).Name}";
        return (long)command.ExecuteScalar()!;
    }
}
