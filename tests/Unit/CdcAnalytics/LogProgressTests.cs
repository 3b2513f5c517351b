using Confluent.Kafka;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Xunit;

namespace Platform.Unit.CdcAnalytics;

public sealed class LogProgressTests
{
    private static readonly TopicPartition First = new("cdc.app.things", 0), Second = new("cdc.app.things", 1);
    private static readonly Dictionary<TopicPartition, long> Nothing = new() { [First] = 0, [Second] = 0 };
    private readonly BrokerProgress _broker = new(TimeProvider.System);
    private readonly TopicHandle _topic = new(First.Topic, pointer: 0);
    private readonly LogProgress _progress;

    public LogProgressTests()
    {
        _progress = _broker.Add("postgres", "platform");
        _progress.Begin(Nothing, Nothing, confirmedLsn: 0);
    }

    [Fact]
    public void A_transaction_counts_as_delivered_when_the_broker_has_all_of_it()
    {
        var transaction = Begin(events: 2);
        _progress.Commit(transaction, 100);
        Deliver(transaction, First, 0);
        Assert.Equal(0ul, _progress.DeliveredLsn);
        Deliver(transaction, Second, 0);
        Assert.Equal(100ul, _progress.DeliveredLsn);
        Assert.Equal(0ul, _progress.AppliedLsn);
    }

    [Fact]
    public void A_transaction_counts_as_applied_when_every_partition_is_past_its_events()
    {
        var transaction = Begin(events: 2);
        Deliver(transaction, First, 5);
        Deliver(transaction, Second, 3);
        _progress.Commit(transaction, 100);
        _broker.Applied([new(First, 6)], 1, bytes: 0);
        Assert.Equal(0ul, _progress.AppliedLsn);
        _broker.Applied([new(Second, 4)], 1, bytes: 0);
        Assert.Equal(100ul, _progress.AppliedLsn);
    }

    [Fact]
    public void A_later_transaction_never_moves_the_position_past_an_earlier_one()
    {
        var early = Begin(events: 1);
        _progress.Commit(early, 100);
        var late = Begin(events: 1);
        _progress.Commit(late, 200);
        Deliver(late, First, 0);
        _broker.Applied([new(First, 1)], 1, bytes: 0);
        Assert.Equal((0ul, 0ul), (_progress.DeliveredLsn, _progress.AppliedLsn));
        Deliver(early, Second, 0);
        Assert.Equal((200ul, 0ul), (_progress.DeliveredLsn, _progress.AppliedLsn));
        _broker.Applied([new(Second, 1)], 1, bytes: 0);
        Assert.Equal(200ul, _progress.AppliedLsn);
    }

    [Fact]
    public void A_quiet_log_moves_the_position_only_when_nothing_is_under_way()
    {
        var transaction = Begin(events: 1);
        _progress.Idle(500);
        Assert.Equal(0ul, _progress.AppliedLsn);
        _progress.Commit(transaction, 100);
        Deliver(transaction, First, 0);
        _progress.Idle(500);
        Assert.Equal((500ul, 0ul), (_progress.DeliveredLsn, _progress.AppliedLsn));
        _broker.Applied([new(First, 1)], 1, bytes: 0);
        // The server has nothing new to say, and what it said before counts now.
        _progress.Idle(500);
        Assert.Equal(500ul, _progress.AppliedLsn);
        _progress.Idle(600);
        Assert.Equal(600ul, _progress.AppliedLsn);
    }

    [Fact]
    public void What_an_earlier_run_left_in_the_broker_must_be_applied_first()
    {
        _progress.Begin(Nothing, new Dictionary<TopicPartition, long> { [First] = 10, [Second] = 0 }, 1000);
        Assert.Equal(0ul, _progress.AppliedLsn);
        _broker.Applied([new(First, 10)], 10, bytes: 0);
        Assert.Equal(1000ul, _progress.AppliedLsn);
    }

    [Fact]
    public void The_warehouse_may_tell_how_far_it_is_before_the_log_is_read()
    {
        var broker = new BrokerProgress(TimeProvider.System);
        var progress = broker.Add("postgres", "platform");
        broker.Applied([new(Second, 3), new(First, 10)], 0, bytes: 0);
        progress.Begin(Nothing, new Dictionary<TopicPartition, long> { [First] = 10, [Second] = 3 }, 1000);
        Assert.Equal(1000ul, progress.AppliedLsn);
    }

    [Fact]
    public async Task Who_waits_for_a_position_is_answered_when_it_is_reached_and_told_when_it_is_not()
    {
        var waiting = _progress.WaitForAppliedAsync(100, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        _progress.Idle(100);
        Assert.True(await waiting);
        Assert.False(await _progress.WaitForAppliedAsync(101, TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_broker_that_begins_its_offsets_again_ends_the_pipeline_and_nothing_more_counts_as_applied()
    {
        var before = Begin(events: 2);
        Deliver(before, First, 0);
        Deliver(before, First, 1);
        _progress.Commit(before, 100);
        _broker.Applied([new(First, 2)], 2, bytes: 0);
        var after = Begin(events: 1);
        _progress.Commit(after, 200);
        Deliver(after, First, 0);
        _progress.Idle(300);
        Assert.NotNull(_broker.Failure);
        Assert.Equal(100ul, _progress.AppliedLsn);
    }

    [Fact]
    public void An_offset_before_those_that_count_is_another_brokers()
    {
        var broker = new BrokerProgress(TimeProvider.System);
        var progress = broker.Add("postgres", "platform");
        progress.Begin(new Dictionary<TopicPartition, long> { [First] = 40 }, Nothing, 1000);
        broker.Delivered(LogProgress.NoTransaction, _topic, First.Partition.Value, 0);
        Assert.NotNull(broker.Failure);
    }

    [Fact]
    public void Sources_share_the_partitions_and_each_has_its_own_position()
    {
        var other = _broker.Add("north", "platform");
        // What is found there by now may be on its way back as a delivery.
        other.Begin(Nothing, new Dictionary<TopicPartition, long> { [First] = 1 }, 0);
        var ours = Begin(events: 1);
        var theirs = other.BeginTransaction(committedMicros: 1);
        other.Sent(theirs, _topic, bytes: 1);
        Deliver(ours, First, 0);
        Deliver(theirs, First, 1);
        _progress.Commit(ours, 9000);
        other.Commit(theirs, 70);
        Assert.Null(_broker.Failure);
        Assert.Equal((9000ul, 70ul), (_progress.DeliveredLsn, other.DeliveredLsn));
        Assert.Equal((1L, 2L), (_progress.DeliveredMark().Ends[First], other.DeliveredMark().Ends[First]));
        _broker.Applied([new(First, 1)], 1, bytes: 1);
        Assert.Equal((9000ul, 0ul), (_progress.AppliedLsn, other.AppliedLsn));
        _broker.Applied([new(First, 2)], 1, bytes: 1);
        Assert.Equal((9000ul, 70ul, 0L), (_progress.AppliedLsn, other.AppliedLsn, _broker.UnappliedBytes));
    }

    [Fact]
    public void What_is_delivered_for_a_source_that_is_gone_is_nobodys_and_the_next_offset_is_the_next_whoever_sent_it()
    {
        var other = _broker.Add("north", "platform");
        other.Begin(Nothing, Nothing, 0);
        var theirs = other.BeginTransaction(committedMicros: 1);
        other.Sent(theirs, _topic, bytes: 1);
        _broker.Remove(other);
        Deliver(theirs, First, 0);
        var ours = Begin(events: 1);
        _progress.Commit(ours, 100);
        // The broker had it already and does not say where.
        Deliver(ours, First, -1);
        Assert.Equal(2, _progress.DeliveredMark().Ends[First]);
    }

    [Fact]
    public void Producers_reports_come_in_any_order_and_where_a_repetition_is_must_be_known_when_several_sources_write()
    {
        var bulk = new TopicHandle(First.Topic, pointer: 1);
        using (_broker.BulkProducer())
        {
            Deliver(Begin(events: 1), Second, -1);
            var (ours, rows) = (Begin(events: 1), Begin(events: 2));
            _broker.Delivered(rows, bulk, First.Partition.Value, 0);
            _broker.Delivered(rows, bulk, First.Partition.Value, 2);
            Deliver(ours, First, 1);
            Assert.Null(_broker.Failure);
            Assert.Equal(3, _progress.DeliveredMark().Ends[First]);
        }

        _broker.Add("north", "platform");
        Deliver(Begin(events: 1), First, -1);
        Assert.Null(_broker.Failure);
        using var another = _broker.BulkProducer();
        Deliver(Begin(events: 1), First, -1);
        Assert.NotNull(_broker.Failure);
    }

    private long Begin(int events)
    {
        var transaction = _progress.BeginTransaction(committedMicros: 1);
        for (var i = 0; i < events; i++) _progress.Sent(transaction, _topic, bytes: 1);
        return transaction;
    }

    private void Deliver(long transaction, TopicPartition partition, long offset) =>
        _broker.Delivered(transaction, _topic, partition.Partition.Value, offset);
}
