using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Pipeline;
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

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1), Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _prunedAt;

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
                logger.RequestsInterrupted(exception.Error.Reason);
                await Task.Delay(RetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        var identity = await broker.Topics.ReadIdentityAsync(stoppingToken);
        var known = table.ReadOffsets(identity);
        consumer.Assign(RequestPartitions.Find(consumer).Select(partition => new TopicPartitionOffset(partition, known.TryGetValue(partition.Partition, out var next) ? next : Offset.Beginning)));
        List<RequestEvent> events = [];
        Dictionary<int, long> next = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            Prune();
            if (consumer.Consume(Poll) is not { } first) continue;
            Add(first);
            var began = clock.GetTimestamp();
            while (events.Count < options.Value.LargestBatch && options.Value.CommitInterval - clock.GetElapsedTime(began) is { Ticks: > 0 } left)
            {
                if (consumer.Consume(left) is { } more) Add(more);
            }

            // A broker that was emptied uses offsets again for other events: what was read belongs to neither for certain, and is read again.
            if (await broker.Topics.ReadIdentityAsync(stoppingToken) != identity) return;
            table.Append(events, identity, next);
            events.Clear();
            next.Clear();
        }

        void Add(ConsumeResult<byte[], byte[]> consumed)
        {
            next[consumed.Partition] = consumed.Offset + 1;
            if (Parse(consumed) is { } request) events.Add(request);
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
