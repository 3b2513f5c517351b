using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Pipeline;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>
/// Reads the change topics from where the warehouse stands and applies what comes, at once when little comes and in large batches when
/// much does.
/// </summary>
internal sealed class ChangeConsumer(
    IConsumer<byte[], byte[]> consumer,
    WarehouseStore warehouse,
    BrokerSession broker,
    LogProgress progress,
    IOptions<WarehouseOptions> options,
    TimeProvider clock,
    ILogger<ChangeConsumer> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // The client's calls block, so the loop has a thread of its own.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => RunAsync(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (KafkaException exception)
            {
                if (exception.Error.Code == ErrorCode.OffsetOutOfRange)
                    progress.Fail("The broker no longer has the events that the warehouse needs next.");
                logger.Interrupted(exception.Error.Reason);
                await Task.Delay(RetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        var identity = await broker.Topics.ReadIdentityAsync(stoppingToken);
        var partitions = warehouse.ReadPartitions(identity);
        var truncated = warehouse.ReadTruncated();
        var from = (await broker.BeginAsync(stoppingToken)).Select(begin => new TopicPartitionOffset(begin.Key, Math.Max(begin.Value, partitions.GetValueOrDefault(begin.Key).NextOffset))).ToList();
        consumer.Assign(from);
        progress.Applied(from, events: 0, bytes: 0);
        logger.Consuming(partitions.Count);

        while (!stoppingToken.IsCancellationRequested)
        {
            var batch = new ChangeBatch(partitions, truncated);
            Add(batch, consumer.Consume(stoppingToken));
            while (batch.Read < options.Value.LargestBatch && consumer.Consume(TimeSpan.Zero) is { } next) Add(batch, next);

            // A broker that was emptied uses offsets again for other events: what was read from it must not be mistaken for what was to be read.
            if (await broker.Topics.ReadIdentityAsync(stoppingToken) != identity)
            {
                progress.Fail("The broker has lost its topics.");
                return;
            }

            var began = clock.GetTimestamp();
            warehouse.Apply(batch, identity);
            foreach (var (partition, state) in batch.Partitions) partitions[partition] = state;
            foreach (var (entity, position) in batch.Truncated) truncated[entity] = position;
            progress.Applied(batch.Partitions.Select(p => new TopicPartitionOffset(p.Key, p.Value.NextOffset)), batch.Applied, batch.Bytes);
            logger.Applied(batch.Applied, batch.Read - batch.Applied, clock.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private void Add(ChangeBatch batch, ConsumeResult<byte[], byte[]> consumed)
    {
        // A tombstone says again what the deletion before it said.
        var change = consumed.Message.Value is { } value ? Parse(consumed, value) : null;
        batch.Add(consumed.TopicPartitionOffset, change, (consumed.Message.Key?.Length ?? 0) + (consumed.Message.Value?.Length ?? 0));
    }

    private ChangeEvent Parse(ConsumeResult<byte[], byte[]> consumed, byte[] value)
    {
        try
        {
            return ChangeEvent.Parse(broker.Topics.EntityOf(consumed.Topic), value);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"The event at {consumed.TopicPartitionOffset} is no change event of this platform: {exception.Message}", exception);
        }
    }
}
