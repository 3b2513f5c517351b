using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Changes;
using Platform.Changes.Tracing;
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
    WarehouseTelemetry telemetry,
    IOptions<WarehouseOptions> options,
    TimeProvider clock,
    ILogger<ChangeConsumer> logger) : BackgroundService
{
    // How the client says that an offset is not there and that it may not choose another (RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET).
    private const ErrorCode OffsetNotThere = (ErrorCode)(-140);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly BatchTracing _tracing = WarehouseTelemetry.Tracing();

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
        var (events, traces) = (new ChangeEventReader(contracts), new TraceReader(WarehouseTelemetry.Source, clock));
        await using var reader = new TopicReader<ReceivedChange>(consumer, [.. from, marksFrom], message => Receive(events, traces, message));
        var reconciliation = new Reconciliation(from);
        progress.Applied(from, events: 0, bytes: 0);
        logger.Consuming(partitions.Count);

        held.Reset(warehouse.ReadHeldRows());
        var batch = new ChangeBatch(contracts, partitions, truncated, held);
        _tracing.Clear();
        List<TopicPartitionOffset> ends = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            await reader.WaitAsync(stoppingToken);
            using var turn = await warehouse.TurnAsync(stoppingToken);
            var began = clock.GetUtcNow();
            var isEmpty = !Gather(reader, batch, reconciliation, ends);
            if (isEmpty && ends.Count == 0) continue;

            // A broker that was emptied uses offsets again for other events: what was read from it must not be mistaken for what was to be read.
            if (await broker.Topics.ReadIdentityAsync(stoppingToken) != identity)
            {
                progress.Fail("The broker has lost its topics.");
                return;
            }

            if (!isEmpty) Apply(batch, began, reconciliation, identity);
            if (ends.Count == 0) continue;
            foreach (var end in ends) reconciliation.Ended(end);
            progress.Applied(ends, events: 0, bytes: 0);
            ends.Clear();
        }

        long NextOf(TopicPartition partition) => partitions.TryGetValue(partition, out var state) ? state.NextOffset : 0;
    }

    // True when something came; where a partition ends goes to the ends.
    private bool Gather(TopicReader<ReceivedChange> reader, ChangeBatch batch, Reconciliation reconciliation, List<TopicPartitionOffset> ends)
    {
        var (began, isAny) = (clock.GetTimestamp(), false);
        while (batch.Read < options.Value.LargestBatch && clock.GetElapsedTime(began) < options.Value.LongestBatch && reader.TryRead(out var read))
        {
            var (message, @event, trace) = read;
            isAny |= !message.IsPartitionEOF;
            if (@event is not null) Add(batch, @event, trace);
            else if (!message.IsPartitionEOF) reconciliation.Add(message.TopicPartitionOffset, SnapshotMark.Decode(message.Message.Value));
            else if (message.TopicPartition != SnapshotMark.Partition) ends.Add(message.TopicPartitionOffset);
        }

        // Usually a partition ends behind the last event that was read from it, or has gone on since.
        ends.RemoveAll(end => end.Offset <= (batch.Partitions.TryGetValue(end.TopicPartition, out var state) ? state.NextOffset : reconciliation.NextOf(end.TopicPartition)));
        return isAny;
    }

    private void Add(ChangeBatch batch, ChangeEvent @event, ReceivedTrace? trace)
    {
        var (applied, parked) = (batch.Applied, batch.Parked.Count);
        batch.Add(@event, clock.GetUtcNow().UtcDateTime);
        // Repetitions and tombstones change nothing, and are in no span.
        if (batch.Applied > applied) _tracing.Add(trace, @event.At.Topic, @event.Header?.Tenant);
        else if (batch.Parked.Count > parked) _tracing.Add(trace, @event.At.Topic, @event.Header?.Tenant, isParked: true);
    }

    private ReceivedChange Receive(ChangeEventReader events, TraceReader traces, ConsumeResult<byte[], byte[]> message) =>
        message.IsPartitionEOF || message.TopicPartition == SnapshotMark.Partition ? new(message, null, null)
            : new(
                message, events.Read(message.TopicPartitionOffset, broker.Topics.EntityOf(message.Topic), message.Message.Key, message.Message.Value),
                traces.Read(message.Message.Headers));

    private void Apply(ChangeBatch batch, DateTimeOffset gathered, Reconciliation reconciliation, string identity)
    {
        var began = clock.GetTimestamp();
        _tracing.Begin(gathered);
        try
        {
            warehouse.Apply(batch, identity);
        }
        catch (Exception exception)
        {
            _tracing.End(batch.Read, batch.Applied, exception.Message);
            throw;
        }

        _tracing.End(batch.Read, batch.Applied);
        telemetry.Committed(batch, clock.GetElapsedTime(began));
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
