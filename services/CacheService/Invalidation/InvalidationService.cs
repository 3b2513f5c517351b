using System.Collections.Concurrent;
using System.Text.Json;
using Confluent.Kafka;
using Platform.Caching;
using Platform.Changes;
using Platform.Changes.Tracing;
using Platform.Contracts;
using StackExchange.Redis;

namespace Platform.CacheService.Invalidation;

/// <summary>
/// Follows the change topics and takes every changed row out of the cache. When changes may have been missed, the whole cache is emptied:
/// a slow minute is better than a wrong answer.
/// </summary>
internal sealed class InvalidationService(
    IConsumer<byte[], byte[]> consumer,
    string bootstrapServers,
    IConnectionMultiplexer store,
    CacheInvalidator cache,
    OffsetStore offsets,
    ContractSet contracts,
    InvalidationTelemetry telemetry,
    TimeProvider clock,
    ILogger<InvalidationService> logger) : BackgroundService
{
    private const int LargestBatch = 5000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<TaskCompletionSource> _flushOrders = new();
    private readonly BatchTracing _tracing = InvalidationTelemetry.Tracing();
    private readonly Dictionary<string, Horizon> _horizons = new(StringComparer.Ordinal);
    private InvalidationReport _report = new(0, 0, null, 0);
    private int _storeInterruptions;

    /// <summary>The figures at this moment.</summary>
    public InvalidationReport Report => Volatile.Read(ref _report);

    /// <summary>Empties the cache, and returns when it is empty. Changes that come meanwhile stay invalidated.</summary>
    public Task OrderFlushAsync(CancellationToken cancellationToken)
    {
        var order = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushOrders.Enqueue(order);
        return order.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        store.ConnectionFailed += (_, _) => Interlocked.Increment(ref _storeInterruptions);
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

    /// <summary>Applies what comes until the broker or the store is another one than at the beginning.</summary>
    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        // A store that was away may have lost the last it was told: it is told again from the offsets that it kept along with the rows.
        var interruptions = Volatile.Read(ref _storeInterruptions);
        using var topics = new ChangeTopics(bootstrapServers, contracts);
        var broker = await topics.ReadIdentityAsync(stoppingToken);
        var (partitions, markPartition) = (topics.Partitions(), topics.Marks());
        var known = await offsets.ReadAsync(broker);
        if (known is null) await FlushAsync("no position in the change topics is known for this broker");
        Dictionary<TopicPartition, long> next = known ?? partitions.ToDictionary(p => p, EndOf);
        List<TopicPartitionOffset> from =
        [
            .. partitions.Select(p => new TopicPartitionOffset(p, next.GetValueOrDefault(p))),
            // Only later marks say anything about what has been read from here on.
            new TopicPartitionOffset(markPartition, EndOf(markPartition)),
        ];
        var traces = new TraceReader(InvalidationTelemetry.Source, clock);
        await using var reader = new TopicReader<ReceivedMessage>(consumer, from, consumed => new(consumed, traces.Read(consumed.Message.Headers)));
        await offsets.WriteAsync(broker, next);
        logger.Following(partitions.Count);

        var marks = new PendingMarks();
        var checkedAt = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var isDue = clock.GetElapsedTime(checkedAt) > CheckInterval;
            // A broker that was emptied begins its offsets again; following anew empties the cache.
            if (isDue && await topics.ReadIdentityAsync(stoppingToken) != broker) return;
            if (isDue) checkedAt = clock.GetTimestamp();

            await reader.WaitAsync(CheckInterval, clock, stoppingToken);
            var began = clock.GetUtcNow();
            if (Gather(reader) is { Count: > 0 } batch)
            {
                await ApplyAsync(batch, began, topics, marks, next);
                await offsets.WriteAsync(broker, next);
            }

            while (_flushOrders.TryPeek(out var order))
            {
                await FlushAsync("an operator ordered it");
                // They lay in the cache.
                await offsets.WriteAsync(broker, next);
                _flushOrders.TryDequeue(out _);
                order.SetResult();
            }

            if (Volatile.Read(ref _storeInterruptions) != interruptions) return;
            // Told again from time to time, for those who did not hear it.
            var advanced = marks.Advance(next);
            foreach (var source in isDue ? marks.Reached.Keys : advanced) await AnnounceAsync(source, marks.Reached[source]);
        }
    }

    private static List<ReceivedMessage> Gather(TopicReader<ReceivedMessage> reader)
    {
        List<ReceivedMessage> batch = [];
        while (batch.Count < LargestBatch && reader.TryRead(out var consumed)) batch.Add(consumed);
        return batch;
    }

    private async Task ApplyAsync(
        List<ReceivedMessage> batch, DateTimeOffset began, ChangeTopics topics, PendingMarks marks, Dictionary<TopicPartition, long> next)
    {
        List<Caching.Invalidation> rows = [];
        ChangedRow last = default;
        var messages = 0;
        _tracing.Clear();
        foreach (var (consumed, trace) in batch)
        {
            if (consumed.TopicPartition == PositionMark.Partition)
            {
                marks.Add(PositionMark.Decode(consumed.Message.Value));
                continue;
            }

            messages++;
            next[consumed.TopicPartition] = consumed.Offset.Value + 1;
            if (consumed.Message.Value is not { } value) continue;
            try
            {
                last = ChangedRow.Parse(topics.EntityOf(consumed.Topic), value);
                _tracing.Add(trace, consumed.Topic, last.Invalidation?.Key.Tenant);
                if (last.Invalidation is { } row) rows.Add(row);
                else await FlushAsync($"the table {consumed.Topic} was truncated");
            }
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
            {
                logger.Unreadable(consumed.TopicPartitionOffset.ToString(), exception.Message);
                await FlushAsync("a change could not be read");
            }
        }

        await InvalidateAsync(rows, began, messages);
        if (last.CommitLsn == 0) return;
        var now = clock.GetUtcNow();
        var lag = now > last.CommittedAt ? now - last.CommittedAt : TimeSpan.Zero;
        Volatile.Write(ref _report, _report with { Invalidated = _report.Invalidated + rows.Count, AppliedAt = now, LagMilliseconds = lag.TotalMilliseconds });
        telemetry.Invalidated(rows.Count, lag);
    }

    private async Task InvalidateAsync(List<Caching.Invalidation> rows, DateTimeOffset began, int messages)
    {
        _tracing.Begin(began);
        try
        {
            await cache.InvalidateAsync(rows);
        }
        catch (Exception exception)
        {
            _tracing.End(messages, rows.Count, exception.Message);
            throw;
        }

        _tracing.End(messages, rows.Count);
    }

    private async Task AnnounceAsync(string source, ulong lsn)
    {
        await cache.AnnounceAsync(source, lsn);
        if (!_horizons.TryGetValue(source, out var horizon)) horizon = _horizons[source] = new(clock);
        if (horizon.Advance(lsn) is { } position) await cache.SetHorizonAsync(source, position);
    }

    private async Task FlushAsync(string reason)
    {
        await cache.FlushAsync();
        _horizons.Clear();
        logger.Flushed(reason);
        telemetry.Flushed();
        Volatile.Write(ref _report, _report with { Flushes = _report.Flushes + 1 });
    }

    private long EndOf(TopicPartition partition) => consumer.QueryWatermarkOffsets(partition, Patience).High.Value;
}
