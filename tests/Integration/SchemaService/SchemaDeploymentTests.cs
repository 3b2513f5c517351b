using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.SchemaService.Ddl;
using Xunit;

namespace Platform.Integration.SchemaService;

/// <summary>Contracts become tables, and changed contracts change them, on a Postgres that has rows in them.</summary>
public sealed class SchemaDeploymentTests(PlatformServers servers) : IAsyncLifetime
{
    private static readonly FixedClock Clock = new(new DateOnly(2026, 3, 15));

    private static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };
    private static readonly ColumnContract Name = new() { Name = "name", Type = ColumnType.Text, Required = true, MaxLength = 10 };
    private static readonly ColumnContract Price = new() { Name = "price", Type = ColumnType.Money, Scale = 2, Minimum = 0, Maximum = 10 };
    private static readonly ColumnContract At = new() { Name = "at", Type = ColumnType.Timestamp, Required = true };
    private static readonly ColumnContract Thing = new() { Name = "thing", Type = ColumnType.Integer, Required = true };

    private static readonly EntityContract Things = new() { Name = "things", Version = "1.0.0", Columns = [Id, Name, Price], Key = Id };

    /// <summary>Divided by month, from January 2026 to two months after the present one, and referring to <see cref="Things"/>.</summary>
    private static readonly EntityContract Events = new()
    {
        Name = "events", Version = "1.0.0", Columns = [Id, At, Thing], Key = Id, References = [new("thing", "things", "id")],
        Partitioning = new("at", new DateOnly(2026, 1, 1), 2),
    };

    private static readonly ContractSet Both = new([Things, Events]);

    private ScratchDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await ScratchDatabase.CreateAsync(servers, Cancellation);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task The_contracts_of_the_platform_are_applied_once_and_every_statement_is_recorded()
    {
        var contracts = ContractLoader.Load();
        var executed = await _database.ApplyAsync(contracts, Cancellation);
        Assert.Equal(executed, await ChangesAsync());
        Assert.Equal(0, await _database.ApplyAsync(contracts, Cancellation));
        Assert.Equal(executed, await ChangesAsync());
        foreach (var entity in contracts.Entities)
        {
            Assert.True(await _database.Owner.ReadAsync<bool>(
                "SELECT bool_or(statement LIKE 'CREATE TABLE%') FROM control.schema_changes WHERE contract = $1 AND contract_version = $2 AND milliseconds >= 0",
                Cancellation, entity.Name, entity.Version));
        }
    }

    [Fact]
    public async Task Appliers_that_start_at_once_do_not_collide_and_one_of_them_does_the_work()
    {
        var executed = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _database.ApplyAsync(Both, Cancellation, Clock)));
        Assert.Equal(2, executed.Count(statements => statements == 0));
        Assert.Equal(executed.Sum(), await ChangesAsync());
    }

    private static readonly Dictionary<string, (ContractSet Contracts, string Proof)> WideningsByName = new(StringComparer.Ordinal)
    {
        ["an optional column"] = (
            With(Things with { Columns = [Id, Name, Price, new() { Name = "note", Type = ColumnType.Text, MaxLength = 5 }] }),
            "UPDATE app.things SET note = '12345'"),
        ["an optional column of a divided table"] = (
            With(Events with { Columns = [Id, At, Thing, new() { Name = "note", Type = ColumnType.Date }] }), "UPDATE app.events SET note = '2026-03-15'"),
        ["a longer text"] = (With(Things with { Columns = [Id, Name with { MaxLength = 20 }, Price] }), "UPDATE app.things SET name = repeat('x', 20)"),
        ["a text without a limit"] = (With(Things with { Columns = [Id, Name with { MaxLength = null }, Price] }), "UPDATE app.things SET name = repeat('x', 2000)"),
        ["a larger amount"] = (With(Things with { Columns = [Id, Name, Price with { Maximum = 20 }] }), "UPDATE app.things SET price = 2000"),
        ["an amount below zero"] = (With(Things with { Columns = [Id, Name, Price with { Minimum = -1 }] }), "UPDATE app.things SET price = -100"),
        ["a column that may be empty"] = (With(Things with { Columns = [Id, Name with { Required = false }, Price] }), "UPDATE app.things SET name = NULL"),
        ["an index"] = (
            With(Things with { Columns = [Id, Name with { Indexed = true }, Price] }), "SELECT 1 / count(*) FROM pg_index WHERE indexrelid = 'app.things_name_idx'::regclass AND indisvalid"),
        ["an index of a divided table"] = (
            With(Events with { Columns = [Id, At, Thing with { Indexed = true }] }), "SELECT 1 / count(*) FROM pg_index WHERE indexrelid = 'app.events_thing_idx'::regclass AND indisvalid"),
        ["a new entity"] = (
            new([Things, Events, Things with { Name = "others" }]), "INSERT INTO app.others (tenant_id, id, name) VALUES ('jane', 1, 'x')"),
    };

    public static TheoryData<string> Widenings => [.. WideningsByName.Keys];

    [Theory]
    [MemberData(nameof(Widenings))]
    public async Task What_lets_more_in_is_applied_to_tables_that_have_rows(string widening)
    {
        var (contracts, proof) = WideningsByName[widening];
        await ApplyWithRowsAsync();
        await Assert.ThrowsAsync<PostgresException>(() => _database.Superuser.ExecuteAsync(proof, Cancellation));

        var before = await ChangesAsync();
        var executed = await _database.ApplyAsync(contracts, Cancellation, Clock);
        Assert.True(executed > 0);
        Assert.Equal(before + executed, await ChangesAsync());
        await _database.Superuser.ExecuteAsync(proof, Cancellation);
        Assert.Equal((1L, 1L), (await RowsAsync("things"), await RowsAsync("events")));
        Assert.Equal(0, await _database.ApplyAsync(contracts, Cancellation, Clock));
    }

    private static readonly Dictionary<string, (ContractSet Contracts, string Named)> NarrowingsByName = new(StringComparer.Ordinal)
    {
        ["a column dropped"] = (With(Things with { Columns = [Id, Name] }), "app.things.price"),
        ["a column renamed"] = (With(Things with { Columns = [Id, Name with { Name = "title", Required = false }, Price] }), "app.things.name"),
        ["another type"] = (With(Things with { Columns = [Id, Name, Price with { Type = ColumnType.Number }] }), "app.things.price"),
        ["a shorter text"] = (With(Things with { Columns = [Id, Name with { MaxLength = 3 }, Price] }), "app.things.name"),
        ["a smaller amount"] = (With(Things with { Columns = [Id, Name, Price with { Maximum = 5 }] }), "app.things.price"),
        ["a column required"] = (With(Things with { Columns = [Id, Name, Price with { Required = true }] }), "app.things.price"),
        ["a new column required"] = (
            With(Things with { Columns = [Id, Name, Price, new() { Name = "note", Type = ColumnType.Text, Required = true }] }), "app.things.note"),
        ["another key"] = (With(Things with { Key = Name }), "app.things"),
        ["no longer divided"] = (With(Events with { Partitioning = null }), "app.events"),
        ["a reference dropped"] = (With(Events with { References = [] }), "app.events"),
        ["an entity dropped"] = (new([Things]), "app.events"),
    };

    public static TheoryData<string> Narrowings => [.. NarrowingsByName.Keys];

    [Theory]
    [MemberData(nameof(Narrowings))]
    public async Task What_could_lose_or_refuse_rows_is_refused_by_its_name_and_nothing_is_touched(string narrowing)
    {
        var (contracts, named) = NarrowingsByName[narrowing];
        await ApplyWithRowsAsync();
        var (tables, changes) = (await TablesAsync(), await ChangesAsync());

        // With a change that would be applied by itself.
        ContractSet withMore = new([.. contracts.Entities, Things with { Name = "welcome" }]);
        var refused = await Assert.ThrowsAsync<SchemaConflictException>(() => _database.ApplyAsync(withMore, Cancellation, Clock));
        Assert.Contains(refused.Conflicts, conflict => conflict.Difference.Contains(named, StringComparison.Ordinal));
        Assert.Equal((tables, changes), (await TablesAsync(), await ChangesAsync()));

        // And back again nothing is left to do.
        Assert.Equal(0, await _database.ApplyAsync(Both, Cancellation, Clock));
    }

    [Fact]
    public async Task A_service_whose_contracts_are_refused_says_under_its_health_what_is_to_be_decided()
    {
        await ApplyWithRowsAsync();
        var state = new DeploymentState();
        var applier = Deployment.Applier(_database, With(Things with { Columns = [Id, Name] }), Clock);
        using var deployment = new SchemaDeployment(applier, state, Clock, NullLogger<SchemaDeployment>.Instance);
        await deployment.StartAsync(Cancellation);
        await deployment.ExecuteTask!.WaitAsync(Deadline.Usual, Cancellation);

        var health = await state.CheckHealthAsync(new HealthCheckContext(), Cancellation);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains("app.things.price", health.Description, StringComparison.Ordinal);
        // Tenants and their directory go on meanwhile.
        Assert.True(state.IsControlSchemaApplied);
    }

    [Fact]
    public async Task There_is_a_partition_for_each_month_asked_for_and_the_next_one_when_the_month_ends()
    {
        var clock = new FixedClock(new DateOnly(2026, 3, 31));
        await _database.ApplyAsync(Both, Cancellation, clock);
        Assert.Equal("2026_01 2026_02 2026_03 2026_04 2026_05", await MonthsAsync());
        foreach (var (at, fits) in new[]
        {
            ("2025-12-31 23:59:59.999999+00", false), ("2026-01-01 00:00:00+00", true), ("2026-05-31 23:59:59.999999+00", true), ("2026-06-01 00:00:00+00", false),
        })
        {
            var inserting = _database.Superuser.ExecuteAsync(
                "WITH t AS (INSERT INTO app.things (tenant_id, id, name) VALUES ('jane', 1, 'x') ON CONFLICT DO NOTHING) " +
                "INSERT INTO app.events (tenant_id, id, at, thing) SELECT 'jane', count(*), $1::timestamptz, 1 FROM app.events", Cancellation, at);
            if (fits) await inserting;
            else Assert.Equal(PostgresErrorCodes.CheckViolation, (await Assert.ThrowsAsync<PostgresException>(() => inserting)).SqlState);
        }

        clock.Today = new DateOnly(2026, 4, 1);
        await _database.ApplyAsync(Both, Cancellation, clock);
        Assert.Equal("2026_01 2026_02 2026_03 2026_04 2026_05 2026_06", await MonthsAsync());
        Assert.Equal(0, await _database.ApplyAsync(Both, Cancellation, clock));
    }

    [Fact]
    public async Task Protection_that_was_weakened_by_hand_is_put_right()
    {
        await _database.ApplyAsync(Both, Cancellation, Clock);
        await _database.Superuser.ExecuteAsync(
            """
            ALTER TABLE app.things NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE app.events DISABLE ROW LEVEL SECURITY;
            ALTER POLICY tenant_isolation ON app.things USING (true);
            CREATE POLICY support ON app.events USING (true);
            DROP POLICY tenant_isolation ON app.events_keys;
            GRANT SELECT ON app.events_p2026_03 TO platform_api, PUBLIC;
            GRANT TRUNCATE ON app.things TO platform_api;
            REVOKE INSERT ON app.things FROM platform_api;
            ALTER PUBLICATION platform DROP TABLE app.things;
            """,
            Cancellation);
        Assert.NotEmpty(await SweepAsync());

        await _database.ApplyAsync(Both, Cancellation, Clock);
        Assert.Empty(await SweepAsync());
        Assert.True(await _database.Superuser.ReadAsync<bool>("SELECT has_table_privilege('platform_api', 'app.things', 'INSERT')", Cancellation));
        Assert.Equal(2L, await _database.Superuser.ReadAsync<long>("SELECT count(*) FROM pg_publication_tables WHERE pubname = 'platform'", Cancellation));
    }

    [Fact]
    public async Task An_index_whose_building_was_interrupted_is_built_again()
    {
        var indexed = With(Things with { Columns = [Id, Name with { Indexed = true }, Price] });
        await _database.ApplyAsync(indexed, Cancellation, Clock);
        await _database.Superuser.ExecuteAsync("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.things_name_idx'::regclass", Cancellation);
        await _database.ApplyAsync(indexed, Cancellation, Clock);
        Assert.True(await _database.Superuser.ReadAsync<bool>("SELECT indisvalid FROM pg_index WHERE indexrelid = 'app.things_name_idx'::regclass", Cancellation));
    }

    [Fact]
    public async Task A_change_waits_for_a_reader_without_holding_up_those_who_come_after_it()
    {
        await ApplyWithRowsAsync();
        await using var reader = await _database.Superuser.OpenConnectionAsync(Cancellation);
        await using var reading = await reader.BeginTransactionAsync(Cancellation);
        await using (var read = new NpgsqlCommand("SELECT FROM app.things", reader, reading)) await read.ExecuteNonQueryAsync(Cancellation);

        var applying = _database.ApplyAsync(WideningsByName["an optional column"].Contracts, Cancellation, Clock);
        await Eventually.HoldsAsync(
            async () =>
            {
                var waiting = await _database.Superuser.ReadAsync<long>(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE%'", Cancellation);
                return (waiting == 1, $"{waiting} statements wait for a lock");
            },
            Deadline.Usual,
            Cancellation);

        // Behind a statement that waits until it gets its lock, these would wait for the reader above, which waits for nothing.
        for (var i = 0; i < 20; i++) Assert.Equal(1L, await RowsAsync("things"));
        Assert.False(applying.IsCompleted);
        await reading.CommitAsync(Cancellation);
        Assert.True(await applying > 0);
    }

    private static ContractSet With(EntityContract changed) => new([.. Both.Entities.Select(entity => entity.Name == changed.Name ? changed : entity)]);

    private async Task ApplyWithRowsAsync()
    {
        await _database.ApplyAsync(Both, Cancellation, Clock);
        await _database.Superuser.ExecuteAsync(
            "INSERT INTO app.things (tenant_id, id, name, price) VALUES ('jane', 1, 'ten chars.', 1000); " +
            "INSERT INTO app.events (tenant_id, id, at, thing) VALUES ('jane', 1, '2026-03-15', 1)", Cancellation);
    }

    private Task<long> RowsAsync(string table) => _database.Superuser.ReadAsync<long>($"SELECT count(*) FROM app.{table}", Cancellation);

    private Task<long> ChangesAsync() => _database.Owner.ReadAsync<long>("SELECT count(*) FROM control.schema_changes", Cancellation);

    private Task<string> MonthsAsync() => _database.Owner.ReadAsync<string>(
        "SELECT string_agg(right(relid::text, 7), ' ' ORDER BY relid::text) FROM pg_partition_tree('app.events') WHERE isleaf", Cancellation);

    private async Task<string> TablesAsync()
    {
        await using var connection = await _database.Owner.OpenConnectionAsync(Cancellation);
        return JsonSerializer.Serialize(await Catalogue.ReadAsync(connection, Cancellation));
    }

    private async Task<IReadOnlyList<string>> SweepAsync()
    {
        await using var connection = await _database.Superuser.OpenConnectionAsync(Cancellation);
        return await RowLevelSecuritySweep.FindAsync(connection, Cancellation);
    }
}
