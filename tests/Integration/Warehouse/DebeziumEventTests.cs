using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Warehouse;

/// <summary>What Debezium really sent, its schemas included: a snapshot, and the changes after it.</summary>
public sealed class DebeziumEventTests : IDisposable
{
    private static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };
    private static readonly EntityContract Orders = new()
    {
        Name = "orders", Version = "1.0.0", Columns = [Id, new() { Name = "customer", Type = ColumnType.Text }], Key = Id,
    };

    private readonly ContractSet _contracts = new([Orders]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Are_applied_as_often_as_they_come()
    {
        var file = Path.Combine(RepositoryFolder.Root, "tests", "Integration", "Capture", "Debezium", "snapshot-events.ndjson");
        var messages = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!)
            .Where(message => message["topic"]!.GetValue<string>() == "cdc.public.orders").ToList();
        using var store = new WarehouseStore(_contracts, Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = _folder["warehouse.duckdb"] }));
        var batch = new ChangeBatch(_contracts, store.ReadPartitions(""), store.ReadTruncated(), new HeldRows());
        var events = new ChangeEventReader(_contracts);
        for (var round = 0; round < 2; round++)
        {
            foreach (var message in messages)
            {
                var value = message["value"] is { } json ? Encoding.UTF8.GetBytes(json.ToJsonString()) : null;
                batch.Add(events.Read(new("cdc.public.orders", 0, batch.Read), Orders, Encoding.UTF8.GetBytes(message["key"]!.ToJsonString()), value), DateTime.UnixEpoch);
            }

            Assert.Empty(batch.Parked);
            store.Apply(batch, "");
            batch.Clear();
        }

        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var payload in messages.Select(message => message["value"]?["payload"]).OfType<JsonNode>())
        {
            if (payload["op"]!.GetValue<string>() == "d") expected.Remove($"{payload["before"]!["tenant_id"]} {payload["before"]!["id"]}");
            else expected[$"{payload["after"]!["tenant_id"]} {payload["after"]!["id"]}"] = payload["after"]!["customer"]!.GetValue<string>();
        }

        using var connection = store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT string_agg(tenant_id || ' ' || id || ' ' || customer, ', ' ORDER BY tenant_id, id), (SELECT count(*) FROM versions.orders) FROM main.orders";
        using var reader = command.ExecuteReader();
        reader.Read();
        Assert.Equal(string.Join(", ", expected.Select(row => $"{row.Key} {row.Value}")), reader.GetString(0));
        Assert.Equal(messages.Count(message => message["value"]?["payload"]?["op"]?.GetValue<string>() is "r" or "c" or "u"), reader.GetInt64(1));
    }
}
