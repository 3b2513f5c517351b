using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.Changes;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>
/// Reads the change topics from where the warehouse stands and applies what comes, at once when little comes and in large batches when
/// much does.
/// </summary>
internal sealed class ChangeConsumer(
    IConsumer<byte[], byte[]> consumer,
    WarehouseStore warehouse,
    BrokerSession broker,
    BrokerProgress progress,
    ContractSet contracts,
    HeldRows held,
    DeadLetterTopic deadLetters,
    IOptions<WarehouseOptions> options,
    TimeProvider clock,
    ILogger<ChangeConsumer> logger) : BackgroundService
{
    // How the client says that an offset is not there and that it may not choose another (RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET).
    private const ErrorCode OffsetNotThere = (ErrorCode)(-140);

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
                if (exception.Error.Code is ErrorCode.OffsetOutOfRange or OffsetNotThere)
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
        var from = (await broker.BeginAsync(stoppingToken)).Select(begin => new TopicPartitionOffset(begin.Key, Math.Max(begin.Value, NextOf(begin.Key)))).ToList();
        var marksFrom = new TopicPartitionOffset(SnapshotMark.Partition, Math.Max(broker.MarksBegin, NextOf(SnapshotMark.Partition)));
        consumer.Assign([.. from, marksFrom]);
        var reconciliation = new Reconciliation(from);
        progress.Applied(from, events: 0, bytes: 0);
        logger.Consuming(partitions.Count);

        held.Reset(warehouse.ReadHeldRows());
        var batch = new ChangeBatch(contracts, partitions, truncated, held);
        List<TopicPartitionOffset> ends = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            var first = consumer.Consume(stoppingToken);
            if (first.IsPartitionEOF && !IsNews(first)) continue;
            using var turn = await warehouse.TurnAsync(stoppingToken);
            var isEmpty = !Gather(batch, reconciliation, ends, first);

            // A broker that was emptied uses offsets again for other events: what was read from it must not be mistaken for what was to be read.
            if (await broker.Topics.ReadIdentityAsync(stoppingToken) != identity)
            {
                progress.Fail("The broker has lost its topics.");
                return;
            }

            if (!isEmpty) Apply(batch, reconciliation, identity);
            if (ends.Count == 0) continue;
            foreach (var end in ends) reconciliation.Ended(end);
            progress.Applied(ends, events: 0, bytes: 0);
            ends.Clear();
        }

        // Usually a partition ends behind the last event that was read from it.
        bool IsNews(ConsumeResult<byte[], byte[]> end) =>
            end.TopicPartition != SnapshotMark.Partition && end.Offset > reconciliation.NextOf(end.TopicPartition);

        long NextOf(TopicPartition partition) => partitions.TryGetValue(partition, out var state) ? state.NextOffset : 0;
    }

    // True when something came; where a partition ends goes to the ends.
    private bool Gather(ChangeBatch batch, Reconciliation reconciliation, List<TopicPartitionOffset> ends, ConsumeResult<byte[], byte[]> first)
    {
        var (began, isAny) = (clock.GetTimestamp(), false);
        for (var next = first; next is not null; next = consumer.Consume(TimeSpan.Zero))
        {
            if (next.IsPartitionEOF)
            {
                if (next.TopicPartition != SnapshotMark.Partition) ends.Add(next.TopicPartitionOffset);
                continue;
            }

            isAny = true;
            if (next.TopicPartition == SnapshotMark.Partition) reconciliation.Add(next.TopicPartitionOffset, SnapshotMark.Decode(next.Message.Value));
            else batch.Add(next.TopicPartitionOffset, broker.Topics.EntityOf(next.Topic), next.Message.Key, next.Message.Value, clock.GetUtcNow().UtcDateTime);
            if (batch.Read >= options.Value.LargestBatch || clock.GetElapsedTime(began) >= options.Value.LongestBatch) break;
        }

        return isAny;
    }

    private void Apply(ChangeBatch batch, Reconciliation reconciliation, string identity)
    {
        var began = clock.GetTimestamp();
        warehouse.Apply(batch, identity);
        progress.Applied(batch.Partitions.Select(p => new TopicPartitionOffset(p.Key, p.Value.NextOffset)), batch.Applied, batch.Bytes);
        logger.Applied(batch.Applied, batch.Read - batch.Applied, clock.GetElapsedTime(began).TotalMilliseconds);
        foreach (var letter in batch.Parked)
        {
            logger.Parked(letter.Topic, letter.Partition, letter.Offset, letter.Reason);
            deadLetters.Announce(letter);
        }

        foreach (var (at, mark) in reconciliation.Reached(batch.Partitions))
        {
            if (contracts.Find(mark.Table) is not { } entity) continue;
            var removed = warehouse.Reconcile(warehouse.Table(entity), mark.Source, mark.Lsn, clock.GetUtcNow().UtcDateTime, at, identity);
            if (removed > 0) logger.Reconciled(entity.Name, removed);
        }

        batch.Clear();
    }
}
