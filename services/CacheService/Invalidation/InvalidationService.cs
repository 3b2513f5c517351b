using System.Text.Json;
using Confluent.Kafka;
using Platform.Caching;
using Platform.Changes;
using Platform.Contracts;
using StackExchange.Redis;

namespace Platform.CacheService.Invalidation;

/// <summary>
/// Follows the change topics and takes every changed row out of the cache. When changes may have been missed, the whole cache is emptied:
/// a slow minute is better than a wrong answer.
/// </summary>
internal sealed class InvalidationService(
    IConsumer<byte[], byte[]> consumer,
    CacheInvalidator cache,
    OffsetStore offsets,
    ContractSet contracts,
    TimeProvider clock,
    ILogger<InvalidationService> logger) : BackgroundService
{
    private const int LargestBatch = 5000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BrokerCheckInterval = TimeSpan.FromSeconds(2);

    private readonly Horizon _horizon = new(clock);
    private InvalidationReport _report = new(0, 0, null, 0);

    /// <summary>The figures at this moment.</summary>
    public InvalidationReport Report => Volatile.Read(ref _report);

    // The client's calls block, so the loop has a thread of its own.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => RunAsync(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task RunAsync(CancellationToken stoppingToken)
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
            catch (Exception exception) when (exception is KafkaException or RedisException or TimeoutException)
            {
                logger.Interrupted(exception.Message);
                await Task.Delay(RetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        using var topics = new ChangeTopics(consumer.Handle, contracts);
        var broker = await topics.ReadIdentityAsync(stoppingToken);
        var partitions = topics.Partitions();
        var known = await offsets.ReadAsync(broker);
        if (known is null) await FlushAsync("no position in the change topics is known for this broker");
        Dictionary<TopicPartition, long> next = known ?? partitions.ToDictionary(p => p, p => consumer.QueryWatermarkOffsets(p, Patience).High.Value);
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(p, next.GetValueOrDefault(p))));
        await offsets.WriteAsync(broker, next);
        logger.Following(partitions.Count);

        var checkedAt = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (clock.GetElapsedTime(checkedAt) > BrokerCheckInterval)
            {
                // A broker that was emptied begins its offsets again; assigning anew empties the cache.
                if (await topics.ReadIdentityAsync(stoppingToken) != broker) return;
                checkedAt = clock.GetTimestamp();
            }

            if (consumer.Consume(BrokerCheckInterval) is not { } first) continue;
            await ApplyAsync(Gather(first), topics, next);
            await offsets.WriteAsync(broker, next);
        }
    }

    private List<ConsumeResult<byte[], byte[]>> Gather(ConsumeResult<byte[], byte[]> first)
    {
        List<ConsumeResult<byte[], byte[]>> batch = [first];
        while (batch.Count < LargestBatch && consumer.Consume(TimeSpan.Zero) is { } more) batch.Add(more);
        return batch;
    }

    private async Task ApplyAsync(List<ConsumeResult<byte[], byte[]>> batch, ChangeTopics topics, Dictionary<TopicPartition, long> next)
    {
        var flushes = _report.Flushes;
        List<Caching.Invalidation> rows = [];
        ChangedRow last = default;
        foreach (var consumed in batch)
        {
            next[consumed.TopicPartition] = consumed.Offset.Value + 1;
            if (consumed.Message.Value is not { } value) continue;
            try
            {
                last = ChangedRow.Parse(topics.EntityOf(consumed.Topic), value);
                if (last.Invalidation is { } row) rows.Add(row);
                else await FlushAsync($"the table {consumed.Topic} was truncated");
            }
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
            {
                logger.Unreadable(consumed.TopicPartitionOffset.ToString(), exception.Message);
                await FlushAsync("a change could not be read");
            }
        }

        await cache.InvalidateAsync(rows);
        if (last.CommitLsn == 0) return;
        // Emptying took the marks along, so rows read before it are refused by their position.
        if (_report.Flushes > flushes) await cache.SetHorizonAsync(last.CommitLsn);
        if (_horizon.Advance(last.CommitLsn) is { } horizon) await cache.SetHorizonAsync(horizon);
        var now = clock.GetUtcNow();
        Volatile.Write(ref _report, _report with
        {
            Invalidated = _report.Invalidated + rows.Count, AppliedAt = now, LagMilliseconds = Math.Max(0, (now - last.CommittedAt).TotalMilliseconds),
        });
    }

    private async Task FlushAsync(string reason)
    {
        await cache.FlushAsync();
        logger.Flushed(reason);
        Volatile.Write(ref _report, _report with { Flushes = _report.Flushes + 1 });
    }
}
