using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using NpgsqlTypes;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Sources;
using Platform.Changes;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Postgres;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>Databases of one cluster and of another feed the same topics and one warehouse, and what happens to one happens to no other.</summary>
public sealed class SourcesTests(PlatformServers servers, BrokerFixture broker) : IClassFixture<BrokerFixture>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly DirectoryStub _directory = new();
    private readonly Dictionary<string, string> _connectionStrings = new(StringComparer.Ordinal);
    private readonly EntityContract _entity = EntityOf($"things_{Guid.NewGuid():N}");
    private ScratchDatabase _shared = null!, _vault = null!;
    private CaptureOptions _settings = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _shared = await ScratchDatabase.CreateAsync(servers, Cancellation);
        _vault = await ScratchDatabase.CreateAsync(servers, Cancellation);
        foreach (var database in new[] { _shared.Superuser, _vault.Superuser }) await PrepareAsync(database);
        _connectionStrings["platform"] = servers.Primary.ConnectionString("platform_cdc", PlatformServers.Password, _shared.Name);
        _settings = new()
        {
            Slot = _shared.Name, ConfirmInterval = TimeSpan.FromMilliseconds(50), StatePath = Path.Combine(_folder["capture"], "state.json"), SpoolPath = _folder["spool"],
        };
        await _directory.PlaceAsync("jane", "postgres", _shared.Name, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await servers.Superuser.ExecuteAsync(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database IN ($1, $2)", CancellationToken.None, _shared.Name, _vault.Name);
        await _shared.DisposeAsync();
        await _vault.DisposeAsync();
        _directory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_tenants_database_is_captured_from_when_the_directory_names_it_and_an_emptied_table_leaves_the_rows_of_others()
    {
        await InsertAsync(_shared.Superuser, "jane", 1, "a");
        await InsertAsync(_vault.Superuser, "vera", 1, "from before");
        await using var process = await StartAsync();
        await process.HasAsync("jane 1 a", Cancellation);

        await _directory.PlaceAsync("vera", "postgres", _vault.Name, Cancellation);
        await process.HasAsync("jane 1 a, vera 1 from before", Cancellation);
        await InsertAsync(_vault.Superuser, "vera", 2, "b");
        await InsertAsync(_shared.Superuser, "jane", 2, "c");
        await process.HasAsync("jane 1 a, jane 2 c, vera 1 from before, vera 2 b", Cancellation);
        Assert.Equal(2, await servers.Superuser.ReadAsync<long>(
            "SELECT count(DISTINCT slot_name) FROM pg_replication_slots WHERE active AND database IN ($1, $2)", Cancellation, _shared.Name, _vault.Name));

        await _shared.Superuser.ExecuteAsync($"TRUNCATE app.{_entity.Name}", Cancellation);
        await process.HasAsync("vera 1 from before, vera 2 b", Cancellation);
    }

    [Fact]
    public async Task Another_cluster_is_another_clock_and_its_death_holds_nobody_up()
    {
        await _directory.PlaceAsync("nora", "north", "platform", Cancellation);
        await using (var process = await StartAsync())
        {
            await process.WaitAsync(() => process.Sources.OfTenant("nora")?.State.Trouble?.Contains("set ConnectionStrings:north", StringComparison.Ordinal) == true, Cancellation);
            await InsertAsync(_shared.Superuser, "jane", 1, "a");
            await process.HasAsync("jane 1 a", Cancellation);
            var degraded = await process.HealthAsync();
            Assert.Equal(HealthStatus.Degraded, degraded.Status);
            Assert.StartsWith("north/platform: ", degraded.Description, StringComparison.Ordinal);
        }

        var (port, log) = (LoopbackPort.Free(), new ServerLog());
        await using var ownLog = log;
        var north = PostgresNodes.First(_folder["north"], log, "north", port);
        await north.StartAsync(Cancellation);
        await using var superuser = NpgsqlDataSource.Create(north.SuperuserConnectionString + ";Pooling=false");
        await PrepareAsync(superuser);
        await InsertAsync(superuser, "nora", 1, "x");
        _connectionStrings["north"] = north.CdcConnectionString;
        while (await PositionAsync(_shared.Superuser) < await PositionAsync(superuser) + (32 << 20))
            await _shared.Superuser.ExecuteAsync("SELECT pg_logical_emit_message(true, 'platform.position', 'x'), pg_switch_wal()", Cancellation);

        await using (var connected = await StartAsync())
        {
            await connected.HasAsync("jane 1 a, nora 1 x", Cancellation);
            var (source, ours) = (connected.Sources.OfTenant("nora")!, connected.Sources.OfTenant("jane")!);
            await connected.WaitAsync(() => source.State.Activity == "streaming", Cancellation);

            // Its log is far behind the other's: what the other has reached says nothing here.
            source.State.Pause();
            await InsertAsync(superuser, "nora", 2, "y");
            var written = await PositionAsync(superuser);
            await InsertAsync(_shared.Superuser, "jane", 2, "b");
            Assert.True(await ours.Progress.WaitForAppliedAsync(await PositionAsync(_shared.Superuser), Deadline.Usual, Cancellation));
            Assert.True(ours.Progress.AppliedLsn > written);
            Assert.False(await source.Progress.WaitForAppliedAsync(written, TimeSpan.FromMilliseconds(1), Cancellation));
            source.State.Resume();
            Assert.True(await source.Progress.WaitForAppliedAsync(written, Deadline.Usual, Cancellation));
            Assert.Equal("jane 1 a, jane 2 b, nora 1 x, nora 2 y", connected.Rows());
            Assert.Equal(HealthStatus.Healthy, (await connected.HealthAsync()).Status);
            await ToldAsync(connected, source, ours);

            using (var postmaster = Process.GetProcessById(north.ProcessId!.Value)) postmaster.Kill();
            await north.DisposeAsync();
            await InsertAsync(_shared.Superuser, "jane", 3, "c");
            await connected.HasAsync("jane 1 a, jane 2 b, jane 3 c, nora 1 x, nora 2 y", Cancellation);
            await connected.WaitAsync(() => source.State.Activity == "interrupted", Cancellation);
            var health = await connected.HealthAsync();
            Assert.Equal(HealthStatus.Degraded, health.Status);
            Assert.StartsWith("north/platform: ", health.Description, StringComparison.Ordinal);

            north = PostgresNodes.First(_folder["north"], log, "north", port);
            await north.StartAsync(Cancellation);
            await InsertAsync(superuser, "nora", 3, "z");
            await connected.HasAsync("jane 1 a, jane 2 b, jane 3 c, nora 1 x, nora 2 y, nora 3 z", Cancellation);
        }

        // Nobody captures, and the directory has not answered yet: what is remembered goes on where it stood.
        await InsertAsync(superuser, "nora", 4, "w");
        using var unknown = new DirectoryStub();
        await using (var again = new SeveralSources(_entity, _folder, broker.BootstrapServers, _settings, unknown.Directory, _connectionStrings))
        {
            await again.StartAsync(Cancellation);
            await again.HasAsync("jane 1 a, jane 2 b, jane 3 c, nora 1 x, nora 2 y, nora 3 z, nora 4 w", Cancellation);
            var source = again.Sources.Find(new("north", "platform"))!;
            Assert.Equal(["The slot is new."], source.Snapshots.All.Select(run => run.Reason));

            // Its last tenant is gone, and an operator gives it up.
            Assert.Null(await again.Sources.RemoveAsync(source, Cancellation));
            Assert.Equal(0, await superuser.ReadAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE slot_name = $1", Cancellation, source.Slot));
            Assert.Empty(SourceNames.Remembered(_settings));
            Assert.NotNull(await again.Sources.RemoveAsync(again.Sources.Default, Cancellation));
        }

        await north.DisposeAsync();
    }

    [Fact]
    public async Task Changes_that_one_source_has_lost_stop_that_one_only_until_it_is_allowed_to_start_over()
    {
        _settings.LostChanges = LostChanges.Stop;
        await _directory.PlaceAsync("vera", "postgres", _vault.Name, Cancellation);
        await InsertAsync(_shared.Superuser, "jane", 1, "a");
        await InsertAsync(_vault.Superuser, "vera", 1, "b");
        await InsertAsync(_vault.Superuser, "vera", 2, "c");
        string slot;
        await using (var process = await StartAsync())
        {
            await process.HasAsync("jane 1 a, vera 1 b, vera 2 c", Cancellation);
            slot = process.Sources.OfTenant("vera")!.Slot;
        }

        await _vault.Superuser.ExecuteAsync("SELECT pg_drop_replication_slot($1)", Cancellation, slot);
        await _vault.Superuser.ExecuteAsync($"DELETE FROM app.{_entity.Name} WHERE id = 1", Cancellation);
        await using var again = await StartAsync();
        await again.WaitAsync(() => again.Sources.OfTenant("vera")?.State.Trouble?.Contains("Changes were lost", StringComparison.Ordinal) == true, Cancellation);
        await InsertAsync(_shared.Superuser, "jane", 2, "d");
        await again.HasAsync("jane 1 a, jane 2 d, vera 1 b, vera 2 c", Cancellation);

        again.Sources.OfTenant("vera")!.State.StartOver();
        await again.HasAsync("jane 1 a, jane 2 d, vera 2 c", Cancellation);
    }

    // What is told of a database is a position in its own log.
    private async Task ToldAsync(SeveralSources process, CaptureSource north, CaptureSource shared)
    {
        using var reader = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "positions" }).SetLogHandler((_, _) => { }).Build();
        reader.Assign(new TopicPartitionOffset(PositionMark.Partition, Offset.Beginning));
        Dictionary<string, ulong> told = new(StringComparer.Ordinal);
        await process.WaitAsync(
            () =>
            {
                while (reader.Consume(TimeSpan.FromMilliseconds(20)) is { } message)
                {
                    var mark = PositionMark.Decode(message.Message.Value);
                    told[mark.Source] = mark.Lsn;
                }

                return told.GetValueOrDefault(north.Address.ToString()) > 0 && told.GetValueOrDefault(shared.Address.ToString()) > 0;
            },
            Cancellation);
        Assert.True(told[north.Address.ToString()] <= north.Progress.DeliveredLsn);
        Assert.True(told[north.Address.ToString()] < told[shared.Address.ToString()]);
    }

    private async Task<SeveralSources> StartAsync()
    {
        var process = new SeveralSources(_entity, _folder, broker.BootstrapServers, _settings, _directory.Directory, _connectionStrings);
        await process.StartAsync(Cancellation);
        return process;
    }

    private async Task PrepareAsync(NpgsqlDataSource database) => await database.ExecuteAsync(
        $"""
        CREATE SCHEMA IF NOT EXISTS app;
        CREATE TABLE app.{_entity.Name} (tenant_id text NOT NULL, id bigint NOT NULL, name text, PRIMARY KEY (tenant_id, id));
        ALTER TABLE app.{_entity.Name} REPLICA IDENTITY FULL;
        ALTER PUBLICATION platform ADD TABLE app.{_entity.Name};
        GRANT USAGE ON SCHEMA app TO platform_cdc;
        GRANT SELECT ON ALL TABLES IN SCHEMA app TO platform_cdc;
        """,
        Cancellation);

    private Task InsertAsync(NpgsqlDataSource database, string tenant, long id, string name) =>
        database.ExecuteAsync($"INSERT INTO app.{_entity.Name} VALUES ($1, $2, $3)", Cancellation, tenant, id, name);

    private static async Task<ulong> PositionAsync(NpgsqlDataSource database) => (ulong)await database.ReadAsync<NpgsqlLogSequenceNumber>("SELECT pg_current_wal_flush_lsn()", Cancellation);

    private static EntityContract EntityOf(string name)
    {
        ColumnContract id = new() { Name = "id", Type = ColumnType.Integer, Required = true }, text = new() { Name = "name", Type = ColumnType.Text };
        return new() { Name = name, Version = "1.0.0", Columns = [id, text], Key = id };
    }
}
