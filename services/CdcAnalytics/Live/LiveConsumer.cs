using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Requests;
using Platform.Changes;

namespace Platform.CdcAnalytics.Live;

/// <summary>
/// Follows the change topics and the requests into the windows, from now on. A few events of before are read again first, so that the windows that are
/// open at the start are not empty; nothing is kept for the next start.
/// </summary>
internal sealed class LiveConsumer(
    [FromKeyedServices(LiveConsumer.Client)] IConsumer<byte[], byte[]> consumer,
    LiveWindows windows,
    LiveReader reader,
    BrokerSession broker,
    IOptions<LiveOptions> options,
    TimeProvider clock,
    ILogger<LiveConsumer> logger) : BackgroundService
{
    /// <summary>Key of the consumer: its partitions are its own.</summary>
    public const string Client = "live-metrics";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), RetryDelay = TimeSpan.FromSeconds(1), CheckInterval = TimeSpan.FromSeconds(2);

    private Dictionary<TopicPartition, long> _next = [];
    private string? _identity;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (KafkaException exception)
            {
                logger.LiveInterrupted(exception.Error.Reason);
                await Task.Delay(RetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Adds what comes until the broker is another one than at the beginning.</summary>
    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        var identity = await broker.Topics.ReadIdentityAsync(stoppingToken);
        var ends = Ends();
        var next = ends.ToDictionary(end => end.Key, end => FirstOf(end.Key, end.Value, identity));
        (_identity, _next) = (identity, next);
        await using var topics = new TopicReader<ConsumeResult<byte[], byte[]>>(
            consumer, next.Select(partition => new TopicPartitionOffset(partition.Key, partition.Value)).ToList(), consumed => consumed);
        if (!await ReplayAsync(topics, ends, next, stoppingToken)) return;

        var checkedAt = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (clock.GetElapsedTime(checkedAt) > CheckInterval)
            {
                if (await broker.Topics.ReadIdentityAsync(stoppingToken) != identity) return;
                checkedAt = clock.GetTimestamp();
            }

            await topics.WaitAsync(CheckInterval, clock, stoppingToken);
            if (!topics.TryRead(out var consumed)) continue;
            if (!Advance(next, consumed)) return;
            windows.Add(consumed.Topic, consumed.Partition, reader.Read(consumed), clock.GetUtcNow());
        }
    }

    /// <summary>Reads everything up to the ends first and adds it in the order of its time: partitions come one after the other, and none of it is late.</summary>
    /// <returns>False when the broker was emptied meanwhile.</returns>
    private async Task<bool> ReplayAsync(
        TopicReader<ConsumeResult<byte[], byte[]>> topics, Dictionary<TopicPartition, WatermarkOffsets> ends, Dictionary<TopicPartition, long> next, CancellationToken stoppingToken)
    {
        List<(TopicPartition From, IReadOnlyList<Measurement> Added)> replayed = [];
        while (ends.Any(end => next[end.Key] < end.Value.High))
        {
            await topics.WaitAsync(stoppingToken);
            if (!topics.TryRead(out var consumed)) continue;
            if (!Advance(next, consumed)) return false;
            if (reader.Read(consumed) is { Count: > 0 } added) replayed.Add((consumed.TopicPartition, added));
        }

        var now = clock.GetUtcNow();
        foreach (var (from, added) in replayed.OrderBy(item => item.Added[0].Time)) windows.Add(from.Topic, from.Partition, added, now);
        logger.Following(ends.Count, replayed.Count);
        return true;
    }

    // Offsets only grow; where they do not, the broker was emptied, and everything in it is read from its beginning.
    private static bool Advance(Dictionary<TopicPartition, long> next, ConsumeResult<byte[], byte[]> consumed)
    {
        if (consumed.Offset < next[consumed.TopicPartition]) return false;
        next[consumed.TopicPartition] = consumed.Offset + 1;
        return true;
    }

    private Dictionary<TopicPartition, WatermarkOffsets> Ends() => broker.Topics.Partitions().Concat(RequestPartitions.Find(consumer))
        .ToDictionary(partition => partition, partition => consumer.QueryWatermarkOffsets(partition, Patience));

    private long FirstOf(TopicPartition partition, WatermarkOffsets offsets, string identity)
    {
        if (_identity is null) return Math.Max(offsets.Low, offsets.High - options.Value.Replay);
        // After an interruption it goes on where it was; in another broker everything is new.
        return _identity == identity && _next.TryGetValue(partition, out var next) ? next : offsets.Low;
    }
}
