using Confluent.Kafka;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.Replication;
using Xunit;

namespace Platform.Unit.CdcAnalytics;

public sealed class ChangeBatchTests
{
    private static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };
    private static readonly EntityContract Things = new() { Name = "things", Version = "1.0.0", Columns = [Id], Key = Id };
    private static readonly TopicPartition First = new("cdc.app.things", 0), Second = new("cdc.app.things", 1);

    [Fact]
    public void What_a_partition_has_applied_before_is_passed_over_but_its_offset_counts()
    {
        var batch = Batch(applied: new LogPosition(100, 2));
        batch.Add(new(First, 7), Change(1, 100, 1), bytes: 1);
        batch.Add(new(First, 8), Change(1, 100, 2), bytes: 1);
        batch.Add(new(First, 9), Change(2, 100, 3), bytes: 1);
        Assert.Equal((3, 1), (batch.Read, batch.Applied));
        Assert.Equal(10, batch.Partitions[First].NextOffset);
        Assert.Equal(new LogPosition(100, 3), batch.Partitions[First].Applied);
    }

    [Fact]
    public void Changes_with_one_commit_position_are_told_apart_by_their_ordinal()
    {
        var batch = Batch();
        for (var i = 1; i <= 5; i++) batch.Add(new(First, i), Change(i, 100, i), bytes: 1);
        Assert.Equal(5, Rows(batch).Count);
    }

    [Fact]
    public void Of_several_changes_of_a_row_the_last_one_counts()
    {
        var batch = Batch();
        batch.Add(new(First, 0), Change(1, 100, 1), bytes: 1);
        batch.Add(new(First, 1), Change(1, 200, 1, "u"), bytes: 1);
        batch.Add(new(First, 2), Change(1, 300, 1, "d"), bytes: 1);
        Assert.True(Assert.Single(Rows(batch)).IsDelete);
    }

    [Fact]
    public void Rows_of_two_tenants_with_one_key_are_two_rows()
    {
        var batch = Batch();
        batch.Add(new(First, 0), Change(1, 100, 1) with { Tenant = "jane" }, bytes: 1);
        batch.Add(new(Second, 0), Change(1, 100, 2) with { Tenant = "steve" }, bytes: 1);
        Assert.Equal(2, Rows(batch).Count);
    }

    [Fact]
    public void A_truncation_removes_earlier_rows_and_keeps_later_ones_in_whichever_order_partitions_are_read()
    {
        var batch = Batch();
        batch.Add(new(First, 0), Change(1, 100, 1), bytes: 1);
        batch.Add(new(First, 1), Change(2, 300, 1), bytes: 1);
        batch.Add(new(Second, 0), new ChangeEvent(Things, new(200, 1), "t", null, []), bytes: 1);
        batch.Add(new(new TopicPartition("cdc.app.things", 2), 0), Change(3, 150, 1), bytes: 1);
        Assert.Equal(2L, Assert.Single(Rows(batch)).Values[0]);
        Assert.Equal(new LogPosition(200, 1), batch.Truncated["things"]);
    }

    [Fact]
    public void A_tombstone_moves_the_offset_only()
    {
        var batch = Batch();
        batch.Add(new(First, 4), null, bytes: 1);
        Assert.Equal((1, 0, 5L), (batch.Read, batch.Applied, batch.Partitions[First].NextOffset));
    }

    private static ChangeBatch Batch(LogPosition applied = default) =>
        new(new Dictionary<TopicPartition, PartitionState> { [First] = new(0, applied) }, new Dictionary<string, LogPosition>());

    private static ChangeEvent Change(long id, ulong lsn, long ordinal, string operation = "c") => new(Things, new(lsn, ordinal), operation, "jane", [id]);

    private static List<ChangeEvent> Rows(ChangeBatch batch) => [.. batch.Rows.SelectMany(r => r.Rows)];
}
