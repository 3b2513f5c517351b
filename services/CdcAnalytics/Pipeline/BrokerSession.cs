using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Publishing;
using Platform.Changes;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Pipeline;

/// <summary>
/// The broker as this process found it. A durable one keeps what earlier processes wrote in the log's order, and all of it counts. One in memory
/// may have been restarted in the midst of an earlier process's writing and then holds later events without the earlier ones: nothing of
/// it counts, for the slot still has everything that the warehouse lacks.
/// </summary>
internal sealed class BrokerSession(
    IConsumer<byte[], byte[]> consumer, string bootstrapServers, ContractSet contracts, IOptions<CaptureOptions> options, IOptions<ProducerOptions> producer) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private IReadOnlyDictionary<TopicPartition, long>? _begin;

    /// <summary>The topics and their partitions.</summary>
    public ChangeTopics Topics { get; } = new(bootstrapServers, contracts);

    /// <summary>The first offset that counts of the partition of <see cref="SnapshotMark"/>s; known once <see cref="BeginAsync"/> has returned.</summary>
    public long MarksBegin { get; private set; }

    private bool IsDurable => options.Value.ConfirmAfter == ConfirmAfter.BrokerAcknowledgement;

    /// <summary>
    /// The first offset of each partition that counts. Asked for before this process writes its first event; the answer stays the same.
    /// </summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, long>> BeginAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _begin) is { } known) return known;
        var settings = producer.Value;
        if (IsDurable) await Topics.CreateMissingAsync(settings.Partitions, settings.History, settings.LargestMessageBytes, (short)settings.Replicas);
        var begin = IsDurable ? (await Task.Run(Topics.Partitions, cancellationToken)).ToDictionary(p => p, _ => 0L) : await EndsAsync(cancellationToken);
        // Marks of earlier processes tell of rows that do not count.
        await Task.Run(Topics.Snapshots, cancellationToken);
        MarksBegin = IsDurable ? 0 : await Task.Run(() => consumer.QueryWatermarkOffsets(SnapshotMark.Partition, Patience).High.Value, cancellationToken);
        return Interlocked.CompareExchange(ref _begin, begin, null) ?? begin;
    }

    /// <summary>What the warehouse must have before anything read from the log now counts as applied: the offset after each partition's last event.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, long>> LeftoverAsync(CancellationToken cancellationToken) =>
        IsDurable ? await EndsAsync(cancellationToken) : new Dictionary<TopicPartition, long>();

    /// <inheritdoc />
    public void Dispose() => Topics.Dispose();

    // All at once: each question may have to wait until the broker has answered the consumer's last one.
    private async Task<Dictionary<TopicPartition, long>> EndsAsync(CancellationToken cancellationToken)
    {
        var partitions = await Task.Run(Topics.Partitions, cancellationToken);
        var ends = await Task.WhenAll(partitions.Select(partition => Task.Run(() => consumer.QueryWatermarkOffsets(partition, Patience).High.Value, cancellationToken)));
        return partitions.Zip(ends).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
