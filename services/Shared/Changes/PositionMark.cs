using System.Text.Json;
using Confluent.Kafka;

namespace Platform.Changes;

/// <summary>
/// What capture tells all readers of the change topics from time to time: every change committed up to a position of the log stands
/// of one source stands before these offsets. Who has read up to them all has read everything up to the position, which no single partition could tell.
/// </summary>
/// <param name="Cluster">Cluster of the source, as the tenants' placements name it.</param>
/// <param name="Database">Its database.</param>
/// <param name="Lsn">The position.</param>
/// <param name="Ends">The offset after the source's last event of each partition that has some.</param>
public sealed record PositionMark(string Cluster, string Database, ulong Lsn, IReadOnlyDictionary<TopicPartition, long> Ends)
{
    /// <summary>The partition that holds the marks, in order.</summary>
    public static TopicPartition Partition { get; } = new("cdc.positions", 0);

    /// <summary>Names the source: positions are comparable within one.</summary>
    public string Source => $"{Cluster}/{Database}";

    /// <summary>True when a reader that stands at these offsets has everything up to the position.</summary>
    public bool IsReached(IReadOnlyDictionary<TopicPartition, long> next) => Ends.All(end => next.GetValueOrDefault(end.Key) >= end.Value);

    /// <summary>The mark as JSON: <c>{"cluster":"postgres","database":"platform","lsn":1,"ends":{"topic":{"partition":offset}}}</c>.</summary>
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(
        new Document(Cluster, Database, Lsn, Ends.GroupBy(end => end.Key.Topic, StringComparer.Ordinal).ToDictionary(
            topic => topic.Key, topic => topic.ToDictionary(end => end.Key.Partition.Value, end => end.Value), StringComparer.Ordinal)),
        JsonSerializerOptions.Web);

    /// <summary>Reads a mark.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static PositionMark Decode(ReadOnlySpan<byte> json)
    {
        var document = JsonSerializer.Deserialize<Document>(json, JsonSerializerOptions.Web) ?? throw new JsonException("The mark is empty.");
        return new(document.Cluster, document.Database, document.Lsn, document.Ends.SelectMany(topic => topic.Value.Select(end => (new TopicPartition(topic.Key, end.Key), end.Value)))
            .ToDictionary(end => end.Item1, end => end.Value));
    }

    private sealed record Document(string Cluster, string Database, ulong Lsn, Dictionary<string, Dictionary<int, long>> Ends);
}
