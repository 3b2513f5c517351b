using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Live;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.Changes;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Capture;
using Platform.Integration.Servers;
using Platform.Requests;
using Xunit;

namespace Platform.Integration.Live;

/// <summary>What is in the topics is in the windows, once.</summary>
public sealed class LiveConsumerTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static readonly ContractSet Contracts = ContractLoader.Load();
    private static readonly string Orders = ChangeTopics.NameOf(ChangeTopics.Schema, "orders");

    private readonly LiveWindows _windows = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(6));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_and_requests_of_before_the_start_and_after_it_are_in_the_windows_once_although_changes_are_sent_again()
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await SendAsync(producer, Order("c", 1, null, 10_00), Order("u", 2, 10_00, 12_50));
        await producer.ProduceAsync(RequestTopic.Name, new() { Key = "jane", Value = Request(503, weight: 4) }, Cancellation);

        using var client = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "test", AllowAutoCreateTopics = true, FetchWaitMaxMs = 20 }).Build();
        using var session = new BrokerSession(client, broker.BootstrapServers, Contracts, Options.Create(new CaptureOptions()), Options.Create(new ProducerOptions()));
        using var consumer = new LiveConsumer(
            client, _windows, new LiveReader(session, NullLogger<LiveReader>.Instance), session, Options.Create(new LiveOptions()), TimeProvider.System, NullLogger<LiveConsumer>.Instance);
        await consumer.StartAsync(Cancellation);
        await HoldsAsync("orders", (1, 12.50m));
        await HoldsAsync("requests", (4, 0));
        Assert.Equal(4, Read("requests").Errors);

        // Capture reads the log again after a restart, and sends again what it had sent.
        await SendAsync(producer, Order("c", 1, null, 10_00), Order("u", 2, 10_00, 12_50), Order("c", 3, null, 7_50), Order("d", 4, 12_50, null));
        await HoldsAsync("orders", (1, 7.50m));
        Assert.Equal(4, Read("changes").Count);
        Assert.Equal(4, Read("changes.orders", tenant: null).Count);
        Assert.Equal(0, Read("orders", "steve").Count);
        await consumer.StopAsync(Cancellation);
    }

    private static async Task SendAsync(IProducer<string, string> producer, params string[] changes)
    {
        foreach (var change in changes) await producer.ProduceAsync(Orders, new() { Key = "jane/1", Value = change }, Cancellation);
    }

    private static string Order(string operation, int position, int? before, int? after)
    {
        var micros = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds.ToString("0", CultureInfo.InvariantCulture);
        return $$"""
            {"before":{{Row(before)}},"after":{{Row(after)}},"source":{"ts_us":{{micros}}},"transaction":{"id":"9:{{position}}","total_order":1},"op":"{{operation}}"}
            """;

        static string Row(int? total) => total is null ? "null" : $$"""{"tenant_id":"jane","order_id":1,"total":{{total}}}""";
    }

    private static string Request(int status, double weight) => System.Text.Encoding.UTF8.GetString(new RequestEvent
    {
        Id = Guid.NewGuid(), Time = TimeProvider.System.GetUtcNow(), Tenant = "jane", Method = "GET", Path = "/", Status = status, Duration = 3, Weight = weight,
    }.Encode());

    private LiveWindow Read(string metric, string? tenant = "jane") =>
        _windows.Open(metric, tenant, TimeSpan.FromMinutes(5), WindowKind.Sliding, TimeProvider.System.GetUtcNow());

    private Task HoldsAsync(string metric, (double Count, decimal Amount) expected) => Eventually.HoldsAsync(
        () =>
        {
            var window = Read(metric);
            return Task.FromResult(((window.Count, window.Amount) == expected, window.ToString()));
        },
        Deadline.Usual,
        Cancellation);
}
