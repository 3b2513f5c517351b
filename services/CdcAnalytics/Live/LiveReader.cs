using System.Text.Json;
using Confluent.Kafka;
using Platform.CdcAnalytics.Pipeline;
using Platform.Replication;
using Platform.Requests;

namespace Platform.CdcAnalytics.Live;

/// <summary>Turns messages into measurements, and passes over repeated changes: a partition's changes come in the log's order.</summary>
internal sealed class LiveReader(BrokerSession broker, ILogger<LiveReader> logger)
{
    private readonly Dictionary<TopicPartition, LogPosition> _seen = [];

    /// <summary>What the message adds; nothing for a repetition, a tombstone and what cannot be read.</summary>
    public IReadOnlyList<Measurement> Read(ConsumeResult<byte[], byte[]> consumed)
    {
        if (consumed.Message.Value is not { } value) return [];
        try
        {
            if (consumed.Topic == RequestTopic.Name) return [RequestMeasurements.Of(RequestEvent.Decode(value))];
            var change = ChangeMeasurements.Parse(broker.Topics.EntityOf(consumed.Topic), value);
            if (change.Items.Count == 0 || change.Position <= _seen.GetValueOrDefault(consumed.TopicPartition)) return [];
            _seen[consumed.TopicPartition] = change.Position;
            return change.Items;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            // The warehouse stops at such a message; figures of a moment need not.
            logger.UnreadableEvent(consumed.TopicPartitionOffset.ToString(), exception.Message);
            return [];
        }
    }
}
