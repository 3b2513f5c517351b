using DuckDB.NET.Data;
using Platform.Changes;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>Changes of several databases come through the same partitions; their places in the log say nothing about each other.</summary>
public sealed class SourceTests : IDisposable
{
    private const string Other = "vault";

    private readonly WarehouseFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void A_place_that_another_source_had_before_is_no_repetition()
    {
        _file.Apply(Event.Create(1, "a", 500));
        _file.Apply(Event.Create(3, "c", 100, tenant: "vera", database: Other), Event.Create(2, "b", 500, tenant: "vera", database: Other));
        Assert.Equal(["jane 1 a", "vera 2 b", "vera 3 c"], _file.Rows());
        _file.Restart();
        _file.Apply(Event.Create(1, "again", 500), Event.Create(2, "again", 500, tenant: "vera", database: Other), Event.Update(3, "d", 600, tenant: "vera", database: Other));
        Assert.Equal(["jane 1 a", "vera 2 b", "vera 3 d"], _file.Rows());
    }

    [Fact]
    public void An_emptied_table_of_one_source_leaves_the_rows_of_the_others_those_that_come_later_too()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Create(1, "b", 100, tenant: "vera", database: Other));
        _file.Apply(Event.Truncate(900));
        _file.Restart();
        _file.Apply(1, Event.Create(2, "c", 200, tenant: "vera", database: Other), Event.Create(2, "late", 200));
        Assert.Equal(["vera 1 b", "vera 2 c"], _file.Rows());
    }

    [Fact]
    public void Rows_that_a_complete_snapshot_did_not_bring_are_gone_from_its_source_only()
    {
        _file.Apply(Event.Create(1, "a", 100), Event.Create(2, "b", 100, 2), Event.Create(3, "c", 100, tenant: "vera", database: Other));
        _file.Apply(Event.Snapshot(2, "b", 500));
        var table = _file.Store.Table(_file.Entity);
        Assert.Equal(1, _file.Store.Reconcile(table, ChangeSource.Default, 500, DateTime.UnixEpoch, new("cdc.snapshots", 0, 0), "broker"));
        Assert.Equal(["jane 2 b", "vera 3 c"], _file.Rows());
    }

    [Fact]
    public void A_row_that_moved_belongs_to_the_source_that_brought_it_last_and_what_its_former_one_removes_stays()
    {
        _file.Apply(Event.Create(1, "a", 900), Event.Create(2, "b", 900, 2), Event.Create(3, "c", 900, 3));
        _file.Apply(Event.Create(1, "a", 50, database: Other), Event.Snapshot(2, "b", 40, database: Other));
        _file.Apply(Event.Delete(1, 950), Event.Truncate(960));
        Assert.Equal(["jane 1 a", "jane 2 b"], _file.Rows());
        Assert.Equal(
            [
                "jane 1 a c 50 1 - - -", "jane 1 a c 900 1 50 1 c", "jane 2 b r 40 0 - - -", "jane 2 b c 900 2 40 0 r", "jane 3 c c 900 3 960 1 t",
            ],
            _file.Versions());
        _file.ForgetPartitions();
        _file.Apply(Event.Create(1, "a", 900), Event.Create(1, "a", 50, database: Other), Event.Update(1, "z", 60, database: Other));
        Assert.Equal(["jane 1 z", "jane 2 b"], _file.Rows());
    }

    [Fact]
    public void What_a_new_source_deletes_before_it_has_brought_a_row_says_nothing_about_it()
    {
        _file.Apply(Event.Create(1, "a", 900));
        _file.Apply(Event.Delete(1, 50, database: Other));
        Assert.Equal(["jane 1 a"], _file.Rows());
        _file.Apply(Event.Snapshot(1, "old", 45, database: Other));
        Assert.Equal(["jane 1 a"], _file.Rows());
        _file.Apply(Event.Delete(1, 60, database: Other), Event.Create(1, "b", 70, database: Other), Event.Delete(1, 80, database: Other));
        Assert.Equal(["jane 1 a c 900 1 70 1 c", "jane 1 b c 70 1 80 1 d"], _file.Versions().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void However_the_changes_of_two_sources_are_divided_into_batches_the_versions_are_the_same(int seed)
    {
        var events = Mixed(new Random(seed), 90).ToArray();
        foreach (var chunk in events.Chunk(17)) _file.Apply(chunk);
        using var other = new WarehouseFile();
        foreach (var one in events) other.Apply(one);
        const string versions = "SELECT tenant_id, id, name, _source, _commit_lsn, _ordinal, _operation, _to_lsn, _to_ordinal, _to_operation FROM versions.things ORDER BY ALL";
        Assert.Equal(other.Read(versions), _file.Read(versions));
        Assert.Equal(["2"], _file.Read("SELECT count(DISTINCT _source) FROM versions.things"));
    }

    [Fact]
    public void A_file_from_before_sources_were_told_apart_goes_on_with_the_source_that_there_was()
    {
        var path = _file.Options.Path;
        _file.Store.Dispose();
        File.Delete(path);
        using (var connection = new DuckDBConnection($"Data Source={path}"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE main.things (tenant_id VARCHAR NOT NULL, id BIGINT, name VARCHAR, _commit_lsn UBIGINT, _ordinal BIGINT, _committed_at TIMESTAMP, _operation VARCHAR);
                INSERT INTO main.things VALUES ('jane', 1, 'a', 500, 1, TIMESTAMP '2026-01-01', 'c'), ('jane', 2, 'b', 500, 2, TIMESTAMP '2026-01-01', 'c');
                CREATE TABLE _partitions (topic VARCHAR NOT NULL, partition INTEGER NOT NULL, next_offset BIGINT NOT NULL, commit_lsn UBIGINT NOT NULL, ordinal BIGINT NOT NULL);
                INSERT INTO _partitions VALUES ('cdc.app.things', 0, 0, 500, 2);
                """;
            command.ExecuteNonQuery();
        }

        _file.Restart();
        _file.Apply(Event.Update(1, "repeated", 500), Event.Delete(1, 600), Event.Update(2, "c", 700));
        Assert.Equal(["jane 2 c"], _file.Rows());
    }

    /// <summary>Changes of a few rows in two databases, as they come when rows move to and fro.</summary>
    internal static IEnumerable<string> Mixed(Random random, int count)
    {
        // The second log is far behind the first, as a new server's is.
        ulong first = 1_000_000, second = 1_000;
        for (var i = 0; i < count; i++)
        {
            var (id, name, isOther) = (random.Next(8), $"name {random.Next(3)}", random.Next(3) == 0);
            var (tenant, database) = (random.Next(2) == 0 ? "jane" : "vera", isOther ? Other : "platform");
            var lsn = isOther ? second += 3 : first += 3;
            yield return random.Next(30) switch
            {
                0 => Event.Truncate(lsn, database: database),
                < 4 => Event.Snapshot(id, name, lsn - (ulong)random.Next(200), tenant, database),
                < 12 => Event.Delete(id, lsn, 1, tenant, database),
                < 20 => Event.Update(id, name, lsn, 1, tenant, database),
                _ => Event.Create(id, name, lsn, 1, tenant, database),
            };
        }
    }
}
