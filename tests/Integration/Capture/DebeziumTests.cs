using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>
/// A consumer written for Debezium does not notice a difference. The folder <c>Debezium</c> holds statements of every type and kind of change, and every
/// message that Debezium sent while they ran; here they run again, and every message is compared field by field. Positions, numbers of
/// transactions and times differ in every run; what else may is named in <see cref="Deliberate"/> and in <c>docs/change-data-capture.md</c>.
/// </summary>
public abstract partial class DebeziumTests(PlatformServers servers, BrokerFixture broker) : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(Harness.RepositoryFolder.Root, "tests", "Integration", "Capture", "Debezium");

    /// <summary>Fields of <c>source</c> that tell who captured, from where.</summary>
    private static readonly string[] Deliberate = ["version", "name", "db"];

    private static readonly string[] Differing = ["ts_ms", "ts_us", "ts_ns", "txId", "lsn", "sequence"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await broker.ReadyAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Changes_of_every_type_and_kind_look_as_Debezium_sends_them()
    {
        await CompareAsync("workload.sql", "events.ndjson", withSchemas: false);
    }

    [Fact]
    public async Task Rows_of_a_snapshot_and_changes_after_it_do_too_with_their_schemas()
    {
        await CompareAsync("snapshot.sql", "snapshot-events.ndjson", withSchemas: true);
    }

    private async Task CompareAsync(string statements, string events, bool withSchemas)
    {
        var parts = (await File.ReadAllTextAsync(Path.Combine(Folder, statements), Cancellation)).Split("--streaming\n");
        await using var database = await CapturedDatabase.CreateAsync(
            servers, broker.BootstrapServers, parts[0], Cancellation, options => (options.WithSchemas, options.TransactionTopic) = (withSchemas, true));
        await database.StartAsync(Cancellation);
        await database.RunAsync(parts[1], Cancellation);
        await database.CatchUpAsync(Cancellation);

        var expected = (await File.ReadAllLinesAsync(Path.Combine(Folder, events), Cancellation)).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.NotEmpty(expected);
        foreach (var topic in expected.GroupBy(message => message["topic"]!.GetValue<string>(), StringComparer.Ordinal))
        {
            var actual = database.Read(topic.Key["cdc.".Length..]);
            Assert.Equal(
                topic.OrderBy(message => message["offset"]!.GetValue<int>()).Select(Expected),
                actual.Select(message => Text(message.Key, message.Value, HeadersOf(message.Headers))));
        }
    }

    private static string Expected(JsonNode message) => Text(message["key"], message["value"], HeadersOf(message["headers"]?.GetValue<string>() ?? ""));

    private static string Text(JsonNode? key, JsonNode? value, string headers)
    {
        foreach (var node in new[] { key, value })
        {
            if (node is null) continue;
            var payload = Payload(node);
            if (payload is JsonObject row)
            {
                if (row["id"] is JsonValue id && id.TryGetValue(out string? _)) row["id"] = "a transaction";
                if (row["transaction"] is JsonObject transaction) transaction["id"] = "a transaction";
                foreach (var field in Differing) row.Remove(field);
                if (row["source"] is JsonObject source)
                {
                    foreach (var field in (string[])[.. Deliberate, .. Differing]) source[field] = Kind(source[field]);
                }
            }
        }

        return SchemaPrefix().Replace($"{Sorted(key)} {Sorted(value)} {headers}", "\"prefix.");
    }

    // That a field is there, and of which form, must agree all the same.
    private static string Kind(JsonNode? value) => value is null ? "nothing" : $"{value.GetValueKind()}";

    private static JsonNode? Payload(JsonNode node) => node is JsonObject both && both.ContainsKey("schema") && both.ContainsKey("payload") ? both["payload"] : node;

    private static string Sorted(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject o => "{" + string.Join(",", o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"\"{p.Key}\":{Sorted(p.Value)}")) + "}",
        JsonArray a => "[" + string.Join(",", a.Select(Sorted)) + "]",
        // 1.0 and 1 are the same number.
        _ when node.GetValueKind() == System.Text.Json.JsonValueKind.Number => node.ToJsonString() is var text && long.TryParse(text, out _)
            ? text : node.GetValue<double>().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => node.ToJsonString(),
    };

    // Debezium's headers of its own run say nothing about the change.
    private static string HeadersOf(string headers) => string.Join(' ', KeyHeader().Matches(headers).Select(match => match.Value));

    private static string HeadersOf(IReadOnlyDictionary<string, string> headers) =>
        string.Join(' ', headers.Where(header => header.Key.StartsWith("__debezium.", StringComparison.Ordinal)).Select(header => $"{header.Key}={header.Value}"));

    [GeneratedRegex("""__debezium\.(old|new)key=\{.*?\}""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyHeader();

    [GeneratedRegex("\"(cdc_wl[ab]|scratch_[0-9a-f]+)\\.", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemaPrefix();
}

/// <summary>The same into a broker in memory.</summary>
public sealed class DebeziumIntoMemoryTests(PlatformServers servers, BrokerFixture broker) : DebeziumTests(servers, broker), IClassFixture<BrokerFixture>;

/// <summary>The same into a real Kafka.</summary>
public sealed class DebeziumIntoKafkaTests(PlatformServers servers, RealBroker broker) : DebeziumTests(servers, broker);
