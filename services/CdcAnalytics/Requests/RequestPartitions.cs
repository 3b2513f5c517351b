using Confluent.Kafka;
using Platform.Requests;

namespace Platform.CdcAnalytics.Requests;

/// <summary>The partitions of the requests' topic.</summary>
internal static class RequestPartitions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>All of them; a topic that does not exist yet is created by the broker when it is asked for.</summary>
    /// <exception cref="KafkaException">The broker does not answer, or does not create topics by itself.</exception>
    public static IReadOnlyList<TopicPartition> Find(IConsumer<byte[], byte[]> consumer)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(RequestTopic.Name, Patience).Topics.Find(topic => topic.Topic == RequestTopic.Name)?.Partitions ?? [];
        return partitions.Count > 0 ? partitions.ConvertAll(partition => new TopicPartition(RequestTopic.Name, partition.PartitionId))
            : throw new KafkaException(new Error(ErrorCode.UnknownTopicOrPart, $"The broker has no topic {RequestTopic.Name} and has not created it."));
    }
}
