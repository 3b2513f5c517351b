using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Platform.Integration.Servers;

namespace Platform.Integration.Capture;

/// <summary>A message of a change topic.</summary>
/// <param name="Place">The change's commit position and place in its transaction; of a snapshot's row the position that it is of.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; null for a tombstone.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record CapturedMessage((ulong Commit, long Ordinal) Place, JsonNode? Key, JsonNode? Value, IReadOnlyDictionary<string, string> Headers)
{
    public bool IsTombstone => Value is null;

    /// <summary>Debezium's letter; null where there is none.</summary>
    public string? Operation => Payload?["op"]?.GetValue<string>();

    /// <summary>The value without its schema.</summary>
    public JsonNode? Payload => Value is JsonObject { Count: 2 } both && both.ContainsKey("schema") ? both["payload"] : Value;

    /// <summary>Every message of a topic in the order in which it was sent: by the change's place in the log, and tombstones behind their deletion.</summary>
    public static IReadOnlyList<CapturedMessage> ReadAll(string bootstrapServers, string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "test", FetchWaitMaxMs = 20 })
            .SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        List<CapturedMessage> messages = [];
        foreach (var partition in admin.GetMetadata(topic, Deadline.Usual).Topics[0].Partitions.Select(p => new TopicPartition(topic, p.PartitionId)))
        {
            var end = consumer.QueryWatermarkOffsets(partition, Deadline.Usual).High;
            consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
            (ulong, long) place = default;
            for (var next = 0L; next < end;)
            {
                var consumed = consumer.Consume(Deadline.Usual) ?? throw new TimeoutException($"{partition} ends before offset {end}.");
                next = consumed.Offset + 1;
                var message = Of(consumed, place);
                place = message.Place;
                messages.Add(message);
            }
        }

        // A tombstone without a key may be in any partition; all of them are alike.
        var anywhere = new Queue<CapturedMessage>(messages.Where(message => message is { Key: null, Value: null }));
        List<CapturedMessage> ordered = [];
        foreach (var message in messages.Where(message => message.Key is not null || message.Value is not null)
            .OrderBy(message => message.Place).ThenBy(message => message.IsTombstone)
            // Rows of a snapshot have one place; they are read by their keys.
            .ThenBy(message => message.Operation == "r" ? message.Key?["payload"]?.ToJsonString() ?? message.Key?.ToJsonString() : "", StringComparer.Ordinal))
        {
            ordered.Add(message);
            if (message.Key is null && message.Operation == "d" && anywhere.TryDequeue(out var tombstone)) ordered.Add(tombstone);
        }

        return [.. ordered, .. anywhere];
    }

    private static CapturedMessage Of(ConsumeResult<byte[], byte[]> consumed, (ulong, long) before)
    {
        var headers = consumed.Message.Headers?.ToDictionary(h => h.Key, h => Encoding.UTF8.GetString(h.GetValueBytes()), StringComparer.Ordinal);
        var message = new CapturedMessage(before, Parse(consumed.Message.Key), Parse(consumed.Message.Value), headers ?? []);
        return message.Payload is not { } payload ? message : message with { Place = PlaceOf(payload) };
    }

    // Begin and end of a transaction stand before and behind everything else in it.
    private static (ulong, long) PlaceOf(JsonNode payload)
    {
        if (payload["transaction"] is { } transaction) return (CommitOf(transaction["id"]), transaction["total_order"]!.GetValue<long>());
        if (payload["source"] is { } source) return (source["lsn"]!.GetValue<ulong>(), 0);
        return (CommitOf(payload["id"]), payload["status"]?.GetValue<string>() == "END" ? long.MaxValue : 0);
    }

    private static ulong CommitOf(JsonNode? id) =>
        id?.GetValue<string>() is { } text ? ulong.Parse(text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture) : 0;

    private static JsonNode? Parse(byte[]? json) => json is null ? null : JsonNode.Parse(json);
}
