using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Capture;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Warehouse;

/// <summary>Bytes that are no event, among those that are, in a real topic.</summary>
public sealed class BrokenEventTests(BrokerFixture broker) : IClassFixture<BrokerFixture>, IDisposable
{
    private static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };
    private readonly ContractSet _contracts = new([new() { Name = $"things_{Guid.NewGuid():N}", Version = "1.0.0", Columns = [Id], Key = Id }]);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Topic => $"cdc.app.{_contracts.Entities[0].Name}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Are_parked_and_told_while_the_pipeline_goes_on()
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "warehouse", AllowAutoCreateTopics = true, FetchWaitMaxMs = 20 }).Build();
        using var session = new BrokerSession(consumer, broker.BootstrapServers, _contracts, Microsoft.Extensions.Options.Options.Create(new CaptureOptions { ConfirmAfter = ConfirmAfter.BrokerAcknowledgement }), Microsoft.Extensions.Options.Options.Create(new ProducerOptions()));
        var progress = new BrokerProgress(TimeProvider.System);
        using var producer = new ChangeProducer(broker.BootstrapServers, new ProducerOptions(), progress, NullLogger.Instance);
        var settings = Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = _folder["warehouse.duckdb"] });
        using var store = new WarehouseStore(_contracts, settings);
        var held = new HeldRows();
        using var telemetry = new WarehouseTelemetry(new UncollectedMeters());
        var desk = new DeadLetterDesk(store, held, _contracts, NullLogger<DeadLetterDesk>.Instance);
        using var service = new ChangeConsumer(
            consumer, store, session, progress, _contracts, held, new DeadLetterTopic(producer), telemetry, settings, TimeProvider.System, NullLogger<ChangeConsumer>.Instance);

        await SendAsync(producer, "1", [0xff, 0xfe, 0x00, 0x01]);
        await SendAsync(producer, "1", Event(1, 100));
        await SendAsync(producer, "2", Encoding.UTF8.GetBytes("""{"op":"c","after":{"tenant_id":"jane","id":"""));
        await SendAsync(producer, "3", Event(3, 200));
        await service.StartAsync(Cancellation);

        await Eventually.HoldsAsync(
            () =>
            {
                var letters = desk.List(entity: null, after: 0, limit: 10);
                return Task.FromResult((letters.Count == 3 && Ids(store) == "3", $"{letters.Count} letters, rows {Ids(store)}"));
            },
            Deadline.Usual, Cancellation);

        var first = desk.List(entity: null, after: 0, limit: 10).Single(letter => letter.Value.Length == 4);
        Assert.Equal([0xff, 0xfe, 0x00, 0x01], first.Value);
        Assert.True(await desk.DropAsync(first.Id, Cancellation));
        var behind = desk.List(entity: null, after: 0, limit: 10).Single(letter => letter.IsHeldBack);
        Assert.Equal(new RetryResult(1, 0, null), await desk.RetryAsync(behind.Id, Cancellation));
        Assert.Equal("1,3", Ids(store));
        await service.StopAsync(Cancellation);
        Assert.Contains("no change event", ReadTold(), StringComparison.Ordinal);
    }

    private async Task SendAsync(ChangeProducer producer, string key, byte[] value)
    {
        producer.Send(producer.Topic(Topic), partition: 0, Encoding.UTF8.GetBytes(key), value, isTombstone: false, MessageHeaders.None, LogProgress.NoTransaction);
        await Eventually.HoldsAsync(() => Task.FromResult((producer.BacklogBytes == 0, $"{producer.BacklogBytes} bytes on their way")), Deadline.Usual, Cancellation);
    }

    private static byte[] Event(long id, ulong lsn) => Encoding.UTF8.GetBytes(
        $$"""{"before":null,"after":{"tenant_id":"jane","id":{{id}}},"source":{"version":"platform-1.0","ts_us":1,"lsn":1},"transaction":{"id":"7:{{lsn}}","total_order":1},"op":"c"}""");

    private string Ids(WarehouseStore store)
    {
        using var connection = store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT string_agg(id, ',' ORDER BY id) FROM {store.Table(_contracts.Entities[0]).Name}";
        return command.ExecuteScalar() as string ?? "";
    }

    private string ReadTold()
    {
        using var reader = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "test", AllowAutoCreateTopics = true, FetchWaitMaxMs = 20 }).Build();
        using var admin = new DependentAdminClientBuilder(reader.Handle).Build();
        reader.Assign(admin.GetMetadata(DeadLetterTopic.Name, Deadline.Usual).Topics[0].Partitions
            .Select(p => new TopicPartitionOffset(DeadLetterTopic.Name, p.PartitionId, Offset.Beginning)));
        var text = new StringBuilder();
        for (var i = 0; i < 3; i++) text.AppendLine(Encoding.UTF8.GetString(reader.Consume(Deadline.Usual).Message.Value));
        return text.ToString();
    }
}
