using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Requests;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.Gateway.Tracking;
using Platform.Harness;
using Platform.Integration.Capture;
using Platform.Integration.Servers;
using Platform.Local;
using Xunit;

namespace Platform.Integration.Gateway;

/// <summary>Requests become events without slowing anybody, and without telling secrets.</summary>
public sealed class RequestTrackingTests(PlatformServers servers, BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_in_the_warehouse_once_with_its_tenant_and_route_and_without_anything_secret()
    {
        using var tenant = await TestTenant.CreateAsync(servers.Services, Cancellation);
        await using var gateway = StartGateway(broker.BootstrapServers);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        await AuthorizeAsync(client, new { tenant = tenant.Id });
        client.DefaultRequestHeaders.UserAgent.ParseAdd("tracking-test/1.0");
        client.DefaultRequestHeaders.Referrer = new Uri("https://shop.example.com/cart?session=secret-of-the-referrer");
        await client.AskAsync("/data/customers?city=eq.secret-of-the-query&limit=3", Cancellation);
        await client.AskAsync("/data/customers/77", Cancellation);
        using var anonymous = new HttpClient { BaseAddress = gateway.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.AskAsync("/data/orders", Cancellation)).Status);

        using var folder = new TemporaryFolder();
        using var warehouse = new WarehouseStore(new ContractSet([]), Options.Create(new WarehouseOptions { Path = folder["requests.duckdb"] }));
        // The second one reads from where the first one stopped.
        await ConsumeAsync(warehouse, tenant.Id, 2);
        await ConsumeAsync(warehouse, tenant.Id, 2);

        var rows = Read(warehouse, $"SELECT * FROM requests WHERE tenant_id = '{tenant.Id}' ORDER BY time");
        Assert.Equal(["/data/customers", "/data/customers/77"], rows.Select(row => row["path"]));
        var list = rows[0];
        Assert.Equal(("GET", "/data/{entity}/{**path}", 200, 1.0), (list["method"], list["route"], list["status"], list["weight"]));
        Assert.Equal(($"developer@{tenant.Id}", "tracking-test/1.0", "city&limit"), (list["user_id"], list["user_agent"], list["query"]));
        Assert.Equal("https://shop.example.com/cart", list["referrer"]);
        Assert.Matches("^[0-9a-f]{32}$", (string)list["client"]!);
        Assert.Equal(404, rows[1]["status"]);
        Assert.Equal(401, Assert.Single(Read(warehouse, "SELECT status FROM requests WHERE path = '/data/orders'"))["status"]);
        var everything = JsonSerializer.Serialize(Read(warehouse, "SELECT * FROM requests"));
        foreach (var secret in new[] { "secret-of", "Bearer", "127.0.0.1", client.DefaultRequestHeaders.Authorization!.Parameter! })
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_answered_and_the_gateway_is_healthy_while_no_broker_answers_and_what_is_lost_is_counted()
    {
        await using var gateway = StartGateway(
            $"127.0.0.1:{LoopbackPort.Free()}", ("Tracking:QueueCapacity", "16"), ("Tracking:DeliveryTimeout", "00:00:01"), ("Aspire:Confluent:Kafka:Producer:Config:QueueBufferingMaxMessages", "10"));
        using var client = new HttpClient { BaseAddress = gateway.Address };
        await AuthorizeAsync(client, new { role = "operator" });
        for (var i = 0; i < 300; i++) Assert.Equal(HttpStatusCode.OK, (await client.AskAsync("/nodes", Cancellation)).Status);
        await gateway.ReadyAsync(Cancellation);
        var queue = gateway.Services.GetRequiredService<RequestQueue>();
        await Eventually.HoldsAsync(
            () => Task.FromResult((queue.Counts is { Sent: 0, SampledOut: > 0, Undelivered: > 0 }, queue.Counts.ToString())), Deadline.Usual, Cancellation);
    }

    private RunningService<RequestQueue> StartGateway(string bootstrapServers, params IEnumerable<(string Name, string Value)> settings) =>
        RunningService<RequestQueue>.Start(
        [
            ("ConnectionStrings:kafka", bootstrapServers),
            ("Tracking:AddressKey", "a key that only these tests know: 0123456789"),
            ("DevTokens:SigningKey", "a key that only these tests know: 0123456789"),
            ("Gateway:ReplicaRouting:Nodes:0", "data"),
            ("services:data:http:0", servers.Services.Data.Address.ToString()),
            ("services:schema:http:0", servers.Services.Schema.Address.ToString()),
            .. settings,
        ]);

    private static async Task AuthorizeAsync(HttpClient client, object who)
    {
        using var answer = await client.PostAsJsonAsync("/dev/token", who, Cancellation);
        await answer.RequireSuccessAsync();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token.GetProperty("token").GetString());
    }

    private async Task ConsumeAsync(WarehouseStore warehouse, string tenant, int expected)
    {
        using var client = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "test", AllowAutoCreateTopics = true, FetchWaitMaxMs = 20 }).Build();
        using var table = new RequestTable(warehouse);
        using var session = new BrokerSession(client, broker.BootstrapServers, new ContractSet([]), Options.Create(new CaptureOptions()), Options.Create(new ProducerOptions()));
        using var consumer = new RequestConsumer(
            client, table, session, Options.Create(new RequestOptions { CommitInterval = TimeSpan.Zero }), TimeProvider.System, NullLogger<RequestConsumer>.Instance);
        await consumer.StartAsync(Cancellation);
        await Eventually.HoldsAsync(
            () =>
            {
                var rows = Read(warehouse, $"SELECT path, status FROM requests WHERE tenant_id = '{tenant}' OR path = '/data/orders'");
                return Task.FromResult((rows.Count == expected + 1, JsonSerializer.Serialize(rows)));
            },
            Deadline.Usual,
            Cancellation);
        await consumer.StopAsync(Cancellation);
    }

    private static List<Dictionary<string, object?>> Read(WarehouseStore warehouse, string sql)
    {
        using var connection = warehouse.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<Dictionary<string, object?>> rows = [];
        while (reader.Read()) rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i), StringComparer.Ordinal));
        return rows;
    }
}
