using Xunit;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>The rows as they are now, and every version that they had.</summary>
public sealed class VersionTests : IDisposable
{
    private readonly WarehouseFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Each_of_several_changes_of_a_row_in_one_batch_is_a_version()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Update(1, "b", 100, 2), Event.Update(1, "c", 200), Event.Delete(1, 300), Event.Create(1, "d", 400));
        Assert.Equal(["jane 1 d"], _file.Rows());
        Assert.Equal(
            ["jane 1 a c 100 1 100 2 u", "jane 1 b u 100 2 200 1 u", "jane 1 c u 200 1 300 1 d", "jane 1 d c 400 1 - - -"], _file.Versions());
    }

    [Fact]
    public void The_versions_are_the_same_however_the_changes_are_divided_into_batches()
    {
        string[] events = [Event.Create(1, "a", 100), Event.Create(2, "x", 100, 2), Event.Update(1, "b", 200), Event.Delete(2, 210), Event.Truncate(250), Event.Create(1, "c", 300)];
        _file.Apply(events);
        using var other = new WarehouseFile();
        foreach (var one in events) other.Apply(one);
        Assert.Equal(_file.Versions(), other.Versions());
        Assert.Equal(_file.Rows(), other.Rows());
    }

    [Fact]
    public void A_version_says_when_it_was_committed_and_when_the_next_one_was()
    {
        _file.Apply(Event.Create(1, "a", 1_000_000), Event.Update(1, "b", 3_000_000));
        Assert.Equal(
            ["a 01/01/1970 00:00:01 01/01/1970 00:00:03 False", "b 01/01/1970 00:00:03 - True"],
            _file.Read("SELECT name, _valid_from, _valid_to, _is_current FROM versions.things ORDER BY _commit_lsn"));
    }

    [Fact]
    public void A_batch_that_comes_twice_is_applied_once()
    {
        string[] events = [Event.Create(1, "a", 100), Event.Update(1, "b", 200), Event.Create(2, "x", 200, 2), Event.Delete(2, 300)];
        _file.Apply(events);
        var versions = _file.Versions();
        _file.Apply(events);
        Assert.Equal(versions, _file.Versions());
    }

    [Fact]
    public void Batches_that_overlap_are_applied_once_even_when_nobody_knows_how_far_the_partition_was()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Update(1, "b", 200), Event.Create(2, "x", 200, 2), Event.Delete(2, 300));
        _file.ForgetPartitions();
        _file.Apply(Event.Update(1, "b", 200), Event.Create(2, "x", 200, 2), Event.Delete(2, 300), Event.Update(1, "c", 400));
        Assert.Equal(["jane 1 c"], _file.Rows());
        Assert.Equal(
            ["jane 1 a c 100 1 200 1 u", "jane 1 b u 200 1 400 1 u", "jane 1 c u 400 1 - - -", "jane 2 x c 200 2 300 1 d"], _file.Versions());
    }

    [Fact]
    public void A_batch_of_nothing_but_new_rows_is_judged_as_any_other()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Create(2, "x", 100, 2));
        _file.Apply(Event.Create(3, "n", 150));
        _file.Apply(Event.Delete(2, 200));
        _file.ForgetPartitions();
        _file.Apply(Event.Create(1, "a", 100), Event.Create(2, "x", 100, 2));
        Assert.Equal(["jane 1 a", "jane 3 n"], _file.Rows());
        _file.Apply(Event.Create(3, "again", 300));
        Assert.Equal(["jane 1 a c 100 1 - - -", "jane 2 x c 100 2 200 1 d", "jane 3 n c 150 1 300 1 c", "jane 3 again c 300 1 - - -"], _file.Versions());
    }

    [Fact]
    public void Of_changes_of_a_row_that_come_again_with_new_ones_only_these_count()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Update(1, "b", 200), Event.Create(2, "x", 210), Event.Delete(2, 300));
        _file.ForgetPartitions();
        _file.Apply(Event.Create(1, "a", 100), Event.Update(1, "b", 200), Event.Create(2, "x", 210), Event.Delete(2, 300), Event.Delete(1, 400), Event.Delete(1, 500), Event.Create(2, "y", 510), Event.Create(1, "c", 600));
        Assert.Equal(["jane 1 c", "jane 2 y"], _file.Rows());
        Assert.Equal(
            ["jane 1 a c 100 1 200 1 u", "jane 1 b u 200 1 400 1 d", "jane 1 c c 600 1 - - -", "jane 2 x c 210 1 300 1 d", "jane 2 y c 510 1 - - -"], _file.Versions());
        _file.ForgetPartitions();
        _file.Apply(Event.Update(1, "late", 450));
        Assert.Equal(["jane 1 c", "jane 2 y"], _file.Rows());
    }

    [Fact]
    public void A_restart_goes_on_from_what_was_committed()
    {
        _file.Apply(Event.Create(1, "a", 100));
        _file.Restart();
        _file.Apply(Event.Create(1, "a", 100), Event.Update(1, "b", 200));
        Assert.Equal(["jane 1 a c 100 1 200 1 u", "jane 1 b u 200 1 - - -"], _file.Versions());
    }

    [Fact]
    public void Rows_of_two_tenants_with_one_key_are_two_rows()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Create(1, "b", 100, 2, "steve"), Event.Delete(1, 200));
        Assert.Equal(["steve 1 b"], _file.Rows());
    }

    [Fact]
    public void A_truncation_ends_every_older_version_in_whichever_order_partitions_are_read()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Create(2, "b", 300));
        _file.Apply(1, Event.Truncate(200));
        _file.Apply(2, Event.Create(3, "late", 150));
        Assert.Equal(["jane 2 b"], _file.Rows());
        Assert.Equal(["jane 1 a c 100 1 200 1 t", "jane 2 b c 300 1 - - -"], _file.Versions());
    }

    [Fact]
    public void A_tombstone_moves_the_offset_only()
    {
        _file.Add(0, null);
        Assert.Equal((1, 0), (_file.Batch.Read, _file.Batch.Applied));
        Assert.Equal(1, Assert.Single(_file.Batch.Partitions).Value.NextOffset);
    }

    [Fact]
    public void A_column_that_a_contract_has_since_is_empty_in_older_rows()
    {
        _file.Apply(Event.Create(1, "a", 100));
        _file.Read("SELECT 1");
        var wider = WarehouseFile.Things with { Columns = [WarehouseFile.Id, new() { Name = "colour", Type = Platform.Contracts.ColumnType.Text }, WarehouseFile.Name] };
        _file.Store.Dispose();
        using var store = new Platform.CdcAnalytics.Warehouse.WarehouseStore(new Platform.Contracts.ContractSet([wider]), Microsoft.Extensions.Options.Options.Create(_file.Options));
        using var connection = store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM versions.things WHERE colour IS NULL";
        Assert.Equal("a", command.ExecuteScalar());
    }
}
