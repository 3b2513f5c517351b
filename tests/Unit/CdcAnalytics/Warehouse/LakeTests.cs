using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.CdcAnalytics.Lake;
using Platform.Harness;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>Every applied change is in the lake once, and the lake is enough to make the warehouse again.</summary>
public sealed class LakeTests : IDisposable
{
    private static readonly Platform.Contracts.EntityContract WithRollup = WarehouseFile.Things with
    {
        Rollups = [new("by_name", null, "none", ["name"], [new("sum", "id"), new("max", "id")])],
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-lake-");
    private readonly WarehouseFile _file = new();

    public void Dispose()
    {
        _file.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_wiped_warehouse_is_made_again_from_the_lake_table_by_table_the_same()
    {
        using var stream = Open(_file);
        stream.Service.Begin();
        var random = new Random(7);
        for (var batch = 0; batch < 40; batch++)
        {
            for (var i = 0; i < 20; i++) _file.Add(random.Next(4), Random(random, (ulong)(1000 + (batch * 100) + (i * 3))));
            _file.Commit();
            if (batch % 7 == 0) stream.Store.Export();
            if (batch % 20 == 19) stream.Store.Compact(most: 2);
        }

        stream.Store.Export();
        using var wiped = new WarehouseFile();
        using var again = Open(wiped);
        again.Service.Begin();
        foreach (var table in new[] { "main.things", "history.things", "_truncated" })
            Assert.Equal(_file.Read($"SELECT * FROM {table} ORDER BY ALL"), wiped.Read($"SELECT * FROM {table} ORDER BY ALL"));
        Assert.NotEmpty(wiped.Read("SELECT * FROM history.things"));
    }

    [Fact]
    public void Changes_of_several_sources_and_rows_that_move_between_them_come_out_the_same()
    {
        using var stream = Open(_file);
        stream.Service.Begin();
        foreach (var chunk in SourceTests.Mixed(new Random(11), 250).Chunk(29)) _file.Apply(chunk);
        stream.Store.Export();
        using var wiped = new WarehouseFile();
        using var again = Open(wiped);
        again.Service.Begin();
        foreach (var table in new[] { "main.things", "history.things", "_truncated", "_sources" })
            Assert.Equal(_file.Read($"SELECT * FROM {table} ORDER BY ALL"), wiped.Read($"SELECT * FROM {table} ORDER BY ALL"));
    }

    [Fact]
    public void A_lake_from_before_sources_were_told_apart_fills_a_warehouse()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "entity=things", "tenant=jane", "day=2026-01-01"));
        _file.Read($"""
            COPY (SELECT 'jane' AS tenant_id, 1::BIGINT AS id, 'a' AS name, 100::UBIGINT AS _commit_lsn, 1::BIGINT AS _ordinal, TIMESTAMP '2026-01-01' AS _committed_at,
                'c' AS _operation, 1::BIGINT AS _sequence) TO '{Path.Combine(folder.FullName, "old.parquet")}' (FORMAT parquet)
            """);
        using var lake = Open(_file);
        lake.Service.Begin();
        _file.Apply(Event.Update(1, "b", 200));
        Assert.Equal(["jane 1 a c 100 1 200 1 u", "jane 1 b u 200 1 - - -"], _file.Versions());
    }

    [Fact]
    public void Each_change_is_exported_once_and_files_of_exports_that_did_not_end_are_removed()
    {
        using var lake = Open(_file);
        lake.Service.Begin();
        _file.Apply(Event.Create(1, "a", 100), Event.Update(1, "b", 200));
        lake.Store.Export();
        Assert.Empty(lake.Store.Export());
        _file.Apply(Event.Create(2, "c", 300));
        lake.Store.Export();
        var orphan = Path.Combine(_folder.FullName, "entity=things", "tenant=jane", "orphan.parquet");
        File.WriteAllText(orphan, "half a file");
        lake.Service.Begin();
        Assert.False(File.Exists(orphan));
        Assert.Equal(["3"], _file.Read($"SELECT count(*) FROM read_parquet('{_folder.FullName}/*/*/*/*.parquet', hive_partitioning = true) WHERE entity = 'things' AND tenant = 'jane'"));
    }

    [Fact]
    public void Small_files_of_a_day_become_one()
    {
        using var lake = Open(_file);
        lake.Service.Begin();
        for (var i = 1; i <= 5; i++)
        {
            _file.Apply(Event.Create(i, "a", (ulong)i));
            lake.Store.Export();
        }

        lake.Store.Compact(most: 4);
        Assert.Single(lake.Store.Files());
        Assert.Equal(lake.Store.Files(), lake.Folder.Files());
        Assert.Equal(["5"], _file.Read($"SELECT count(DISTINCT id) FROM {lake.Store.Source(lake.Store.Files())}"));
    }

    [Fact]
    public async Task A_row_that_the_stream_has_wrong_is_found_by_recomputing()
    {
        using var lake = Open(_file);
        lake.Service.Begin();
        _file.Apply(Event.Create(1, "a", 100), Event.Update(1, "b", 200), Event.Create(2, "c", 300), Event.Delete(2, 400));
        Assert.True((await lake.Verification.RunAsync(TestContext.Current.CancellationToken)).IsEqual);
        _file.Store.InTransaction(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE main.things SET name = 'x'";
            command.ExecuteNonQuery();
        });
        var report = await lake.Verification.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal([false, true], report.Tables.Select(table => table.IsEqual));
        Assert.Same(report, lake.Verification.Last);
    }

    [Fact]
    public async Task Rollups_are_made_again_from_the_lake_and_one_that_the_stream_has_wrong_is_found()
    {
        using var file = new WarehouseFile(WithRollup);
        using var lake = Open(file);
        lake.Service.Begin();
        file.Apply(Event.Create(1, "a", 100), Event.Create(2, "a", 110), Event.Update(1, "b", 200), Event.Delete(2, 400), Event.Create(3, "b", 410));
        Assert.Equal(["jane b 2 4 2 3"], file.Read("SELECT * FROM rollup.by_name"));
        Assert.True((await lake.Verification.RunAsync(TestContext.Current.CancellationToken)).IsEqual);

        using var wiped = new WarehouseFile(WithRollup);
        using var again = Open(wiped);
        again.Service.Begin();
        Assert.Equal(file.Read("SELECT * FROM rollup.by_name"), wiped.Read("SELECT * FROM rollup.by_name"));

        file.Store.InTransaction(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE rollup.by_name SET _sum_id = 5";
            command.ExecuteNonQuery();
        });
        var report = await lake.Verification.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal("rollup.\"by_name\"", Assert.Single(report.Tables, table => !table.IsEqual).Table);
    }

    [Fact]
    public async Task A_rebuild_makes_the_same_tables_and_what_comes_after_it_is_exported_once()
    {
        using var lake = Open(_file);
        lake.Service.Begin();
        var random = new Random(11);
        for (var batch = 0; batch < 10; batch++)
        {
            for (var i = 0; i < 20; i++) _file.Add(random.Next(4), Random(random, (ulong)(1000 + (batch * 100) + (i * 3))));
            _file.Commit();
        }

        string[] tables = ["main.things", "history.things", "_truncated", "_partitions", "_sequence", "_sources"];
        var before = tables.Select(table => _file.Read($"SELECT * FROM {table} ORDER BY ALL")).ToList();
        Assert.True(lake.Rebuild.TryStart());
        await lake.Rebuild.Running;
        Assert.Null(lake.Rebuild.Last!.Failure);
        Assert.Equal(before, tables.Select(table => _file.Read($"SELECT * FROM {table} ORDER BY ALL")));

        _file.Restart();
        using var later = Open(_file);
        Assert.False(_file.Store.IsNew);
        _file.Apply(Event.Create(99, "new", 9000));
        Assert.Equal(["99"], _file.Read($"SELECT id FROM {later.Store.Source(later.Store.Export())}"));
    }

    [Fact]
    public async Task A_lake_that_lacks_files_empties_nothing()
    {
        using var lake = Open(_file);
        lake.Service.Begin();
        _file.Apply(Event.Create(1, "a", 100));
        foreach (var file in lake.Store.Export()) File.Delete(lake.Folder[file]);
        Assert.True(lake.Rebuild.TryStart());
        await lake.Rebuild.Running;
        Assert.Contains("nothing was emptied", lake.Rebuild.Last!.Failure, StringComparison.Ordinal);
        Assert.Equal(["jane 1 a"], _file.Rows());
    }

    [Fact]
    public async Task A_rebuild_that_fails_is_tried_again_and_nothing_is_applied_before_it_ends()
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var lake = Open(_file, new HurriedClock(), () => failed.TrySetResult());
        lake.Service.Begin();
        _file.Apply(Event.Create(1, "a", 100), Event.Update(1, "b", 200));
        var file = lake.Folder[lake.Store.Export()[0]];
        var (before, content) = (_file.Versions(), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(file, "no Parquet", TestContext.Current.CancellationToken);
        Assert.True(lake.Rebuild.TryStart());
        await failed.Task;
        var turn = _file.Store.TurnAsync(TestContext.Current.CancellationToken);
        Assert.False(turn.IsCompleted);
        Assert.Null(lake.Rebuild.Last!.EndedAt);
        Assert.NotNull(lake.Rebuild.Last.Failure);

        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        await lake.Rebuild.Running;
        using (await turn) Assert.Equal(before, _file.Versions());
        Assert.Null(lake.Rebuild.Last.Failure);
    }

    [Fact]
    public async Task A_service_that_stops_does_not_wait_for_a_rebuild_that_fails_and_the_next_one_does_it()
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var lake = Open(_file, TimeProvider.System, () => failed.TrySetResult());
        lake.Service.Begin();
        _file.Apply(Event.Create(1, "a", 100), Event.Create(2, "x", 100, 2));
        var file = lake.Folder[lake.Store.Export()[0]];
        var (before, content) = (_file.Versions(), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(file, "no Parquet", TestContext.Current.CancellationToken);
        Assert.True(lake.Rebuild.TryStart());
        await failed.Task;
        lake.Lifetime.StopApplication();
        await lake.Rebuild.Running;
        await lake.Service.StopAsync(TestContext.Current.CancellationToken);

        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        _file.Restart();
        using var later = Open(_file);
        later.Service.Begin();
        Assert.Equal(before, _file.Versions());
    }

    [Fact]
    public void A_rebuild_that_did_not_end_is_done_again_at_the_next_start()
    {
        using var lake = Open(_file);
        lake.Service.Begin();
        _file.Apply(Event.Create(1, "a", 100), Event.Update(1, "b", 200));
        lake.Store.Export();
        var before = _file.Versions();
        _file.Store.Empty();
        _file.Restart();
        using var later = Open(_file);
        later.Service.Begin();
        Assert.Equal(before, _file.Versions());
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("a/b\\c")]
    [InlineData("..")]
    [InlineData("tenant=x %2F'\"")]
    public void No_tenants_id_leads_out_of_the_lake(string tenant)
    {
        using var lake = Open(_file);
        lake.Service.Begin();
        _file.Apply(Event.Create(1, "a", 100, tenant: tenant));
        var file = Assert.Single(lake.Store.Export());
        Assert.Equal(4, file.Split(Path.DirectorySeparatorChar).Length);
        Assert.StartsWith(_folder.FullName, Path.GetFullPath(lake.Folder[file]), StringComparison.Ordinal);
        Assert.Equal([tenant], _file.Read($"SELECT tenant_id FROM {lake.Store.Source([file])}"));
    }

    private static string Random(Random random, ulong lsn)
    {
        var (id, name) = (random.Next(12), $"name {random.Next(3)}");
        return random.Next(40) switch
        {
            0 => Event.Truncate(lsn),
            < 5 => Event.Snapshot(id, name, lsn - (ulong)random.Next(300)),
            < 12 => Event.Delete(id, lsn),
            < 25 => Event.Update(id, name, lsn),
            _ => Event.Create(id, name, lsn),
        };
    }

    private Lake Open(WarehouseFile file) => Open(file, TimeProvider.System, () => { });

    private Lake Open(WarehouseFile file, TimeProvider clock, Action rebuildFailed)
    {
        var options = Microsoft.Extensions.Options.Options.Create(new LakeOptions { Path = _folder.FullName });
        var folder = new LakeFolder(options, Microsoft.Extensions.Options.Options.Create(file.Options));
        var store = new LakeStore(file.Store, folder, file.Contracts);
        var replay = new LakeReplay(file.Store, store, file.Contracts);
        var verification = new LakeVerification(
            file.Store, store, folder, file.Contracts, Microsoft.Extensions.Options.Options.Create(file.Options), TimeProvider.System, new UncollectedMeters(), NullLogger<LakeVerification>.Instance);
        var service = new LakeService(file.Store, store, replay, verification, folder, options, TimeProvider.System, NullLogger<LakeService>.Instance);
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var rebuild = new LakeRebuild(file.Store, store, replay, lifetime, clock, new FailureLogger(rebuildFailed));
        return new(store, folder, service, verification, rebuild, lifetime);
    }

    private sealed record Lake(LakeStore Store, LakeFolder Folder, LakeService Service, LakeVerification Verification, LakeRebuild Rebuild, ApplicationLifetime Lifetime) : IDisposable
    {
        public void Dispose()
        {
            Service.Dispose();
            Verification.Dispose();
        }
    }

    private sealed class FailureLogger(Action failed) : ILogger<LakeRebuild>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null) failed();
        }
    }

    /// <summary>Makes waiting short.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(Math.Min(dueTime.TotalMilliseconds, 10)), period);
    }
}
