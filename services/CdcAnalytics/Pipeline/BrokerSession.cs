using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Capture;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Pipeline;

/// <summary>
/// The broker as this process found it. One that keeps everything in memory is another one after its restart, with empty topics: its
/// address tells it apart, since it chooses a new port each time.
/// </summary>
internal sealed class BrokerSession(
    IProducer<byte[], byte[]> producer, IConsumer<byte[], byte[]> consumer, ContractSet contracts, IOptions<CaptureOptions> options) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IAdminClient _admin = new DependentAdminClientBuilder(producer.Handle).Build();

    /// <summary>The topics of all entities.</summary>
    public IReadOnlyList<string> Topics { get; } = [.. contracts.Entities.Select(e => $"cdc.app.{e.Name}")];

    /// <summary>Names the broker's memory; empty for a broker that keeps its topics on disk.</summary>
    public string Identity() => options.Value.ConfirmAfter == ConfirmAfter.BrokerAcknowledgement
        ? ""
        : string.Join(",", _admin.GetMetadata(Patience).Brokers.Select(b => $"{b.Host}:{b.Port}").Order(StringComparer.Ordinal));

    /// <summary>Every partition of the topics; a topic that does not exist yet is created by the broker when it is asked for.</summary>
    /// <exception cref="KafkaException">The broker does not answer, or does not create topics by itself.</exception>
    public IReadOnlyList<TopicPartition> Partitions()
    {
        List<TopicPartition> partitions = [];
        foreach (var topic in Topics)
        {
            var found = _admin.GetMetadata(topic, Patience).Topics.Find(t => t.Topic == topic)?.Partitions ?? [];
            if (found.Count == 0) throw new KafkaException(new Error(ErrorCode.UnknownTopicOrPart, $"The broker has no topic {topic} and has not created it."));
            partitions.AddRange(found.Select(p => new TopicPartition(topic, p.PartitionId)));
        }

        return partitions;
    }

    /// <summary>The offset after the last event of each partition.</summary>
    public Task<IReadOnlyList<TopicPartitionOffset>> EndOffsetsAsync(CancellationToken cancellationToken) => Task.Run<IReadOnlyList<TopicPartitionOffset>>(
        () => [.. Partitions().Select(p => new TopicPartitionOffset(p, consumer.QueryWatermarkOffsets(p, Patience).High))], cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _admin.Dispose();
}
