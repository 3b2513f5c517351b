using Xunit;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>Rows of a snapshot come in any order, any number of times, beside newer changes.</summary>
public sealed class SnapshotRowTests : IDisposable
{
    private readonly WarehouseFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void They_are_applied_although_their_partition_is_further()
    {
        _file.Apply(Event.Create(9, "z", 900));
        _file.Apply(Event.Snapshot(2, "b", 500), Event.Snapshot(1, "a", 500));
        Assert.Equal(["jane 1 a", "jane 2 b", "jane 9 z"], _file.Rows());
    }

    [Fact]
    public void They_do_not_move_the_partitions_position()
    {
        _file.Apply(Event.Snapshot(1, "a", 500));
        _file.Apply(Event.Create(2, "b", 400));
        Assert.Equal(["jane 1 a", "jane 2 b"], _file.Rows());
    }

    [Fact]
    public void A_newer_version_stays()
    {
        _file.Apply(Event.Create(1, "new", 600));
        _file.Apply(Event.Snapshot(1, "old", 500));
        Assert.Equal(["jane 1 new c 600 1 - - -"], _file.Versions());
    }

    [Fact]
    public void A_row_that_was_deleted_since_does_not_come_back()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Delete(1, 600));
        _file.Apply(Event.Snapshot(1, "a", 500));
        Assert.Empty(_file.Rows());
        _file.Apply(Event.Snapshot(1, "again", 700));
        Assert.Equal(["jane 1 again"], _file.Rows());
    }

    [Fact]
    public void Nor_does_one_of_which_the_warehouse_knows_nothing_but_the_deletion()
    {
        _file.Apply(Event.Delete(1, 600));
        _file.Apply(Event.Snapshot(1, "a", 500));
        Assert.Empty(_file.Rows());
        Assert.Empty(_file.Versions());
    }

    [Fact]
    public void Nor_does_one_that_was_truncated_since()
    {
        _file.Apply(Event.Truncate(600));
        _file.Apply(Event.Snapshot(1, "a", 500));
        Assert.Empty(_file.Rows());
    }

    [Fact]
    public void One_that_is_as_the_warehouse_has_it_opens_no_version()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Create(2, null, 100, 2));
        _file.Apply(Event.Snapshot(1, "a", 500), Event.Snapshot(2, null, 500), Event.Snapshot(1, "a", 550), Event.Update(1, "b", 600));
        Assert.Equal(["jane 1 a c 100 1 600 1 u", "jane 1 b u 600 1 - - -", "jane 2 - c 100 2 - - -"], _file.Versions());
    }

    [Fact]
    public void One_that_differs_ends_the_version_before()
    {
        _file.Apply(Event.Create(1, "a", 100));
        _file.Apply(Event.Snapshot(1, "b", 500));
        Assert.Equal(["jane 1 a c 100 1 500 0 r", "jane 1 b r 500 0 - - -"], _file.Versions());
    }

    [Fact]
    public void In_one_batch_with_changes_of_the_row_the_result_is_the_same_as_one_by_one()
    {
        string[] events =
        [
            Event.Create(1, "a", 100), Event.Snapshot(1, "a", 150), Event.Update(1, "b", 200), Event.Snapshot(1, "a", 150), Event.Snapshot(1, "c", 250),
            Event.Delete(1, 300), Event.Snapshot(1, "c", 250), Event.Snapshot(2, "x", 250), Event.Snapshot(2, "x", 250),
        ];
        _file.Apply(events);
        using var other = new WarehouseFile();
        foreach (var one in events) other.Apply(one);
        Assert.Equal(other.Versions(), _file.Versions());
        Assert.Equal(["jane 2 x"], _file.Rows());
    }
}
