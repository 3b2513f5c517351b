using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Pipeline;
using Platform.Changes;
using Platform.Requests;

namespace Platform.CdcAnalytics.Requests;

/// <summary>Reads the gateway's requests from where the warehouse stands and commits what has come.</summary>
internal sealed class RequestConsumer(
    [FromKeyedServices(RequestConsumer.Client)] IConsumer<byte[], byte[]> consumer,
    RequestTable table,
    BrokerSession broker,
    IOptions<RequestOptions> options,
    TimeProvider clock,
    ILogger<RequestConsumer> logger) : BackgroundService
{
    /// <summary>Key of the consumer: its partitions are its own.</summary>
    public const string Client = "requests";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _prunedAt;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
                logger.RequestsInterrupted(exception.Error.Reason);
                await Task.Delay(RetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        var identity = await broker.Topics.ReadIdentityAsync(stoppingToken);
        var known = table.ReadOffsets(identity);
        await using var reader = new TopicReader<(TopicPartitionOffset At, RequestEvent? Request)>(
            consumer,
            RequestPartitions.Find(consumer).Select(partition => new TopicPartitionOffset(partition, known.TryGetValue(partition.Partition, out var next) ? next : Offset.Beginning)),
            consumed => (consumed.TopicPartitionOffset, Parse(consumed)));
        List<RequestEvent> events = [];
        Dictionary<int, long> next = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            Prune();
            await reader.WaitAsync(PruneInterval, clock, stoppingToken);
            if (!reader.TryRead(out var first)) continue;
            Add(first);
            var began = clock.GetTimestamp();
            while (events.Count < options.Value.LargestBatch && options.Value.CommitInterval - clock.GetElapsedTime(began) is { Ticks: > 0 } left)
            {
                if (reader.TryRead(out var more)) Add(more);
                else await reader.WaitAsync(left, clock, stoppingToken);
            }

            // A broker that was emptied uses offsets again for other events: what was read belongs to neither for certain, and is read again.
            if (await broker.Topics.ReadIdentityAsync(stoppingToken) != identity) return;
            table.Append(events, identity, next);
            events.Clear();
            next.Clear();
        }

        void Add((TopicPartitionOffset At, RequestEvent? Request) read)
        {
            next[read.At.Partition] = read.At.Offset + 1;
            if (read.Request is { } request) events.Add(request);
        }
    }

    private RequestEvent? Parse(ConsumeResult<byte[], byte[]> consumed)
    {
        try
        {
            return RequestEvent.Decode(consumed.Message.Value);
        }
        catch (JsonException exception)
        {
            logger.UnreadableRequest(consumed.TopicPartitionOffset.ToString(), exception.Message);
            return null;
        }
    }

    private void Prune()
    {
        var now = clock.GetUtcNow();
        if (now - _prunedAt < PruneInterval) return;
        _prunedAt = now;
        table.RemoveBefore(now - options.Value.Retention);
    }
}
