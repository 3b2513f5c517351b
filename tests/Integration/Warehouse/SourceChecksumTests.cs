using System.Text;
using DuckDB.NET.Data;
using Npgsql;
using NpgsqlTypes;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Verification;
using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Changes;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Capture;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Warehouse;

/// <summary>Postgres and the warehouse compute the same checksum of the same row, and another one of any other.</summary>
public sealed class SourceChecksumTests(PlatformServers servers, BrokerFixture broker) : IClassFixture<BrokerFixture>, IDisposable
{
    private static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };

    private static readonly EntityContract Things = new()
    {
        Name = "things", Version = "1.0.0", Key = Id,
        Columns =
        [
            Id, new() { Name = "text", Type = ColumnType.Text }, new() { Name = "money", Type = ColumnType.Money, Scale = 2 }, new() { Name = "number", Type = ColumnType.Number },
            new() { Name = "flag", Type = ColumnType.Boolean }, new() { Name = "day", Type = ColumnType.Date }, new() { Name = "at", Type = ColumnType.Timestamp },
            new() { Name = "uuid", Type = ColumnType.Uuid },
        ],
    };

    private const string Table = """
        CREATE SCHEMA IF NOT EXISTS app;
        CREATE TABLE app.things (
            tenant_id text, id bigint, "text" text, money bigint, number double precision, flag boolean, "day" date, at timestamptz, uuid uuid, PRIMARY KEY (tenant_id, id));
        ALTER TABLE app.things REPLICA IDENTITY FULL;
        GRANT USAGE ON SCHEMA app TO platform_cdc;
        GRANT SELECT ON app.things TO platform_cdc;
        """;

    private const string Rows = """
        INSERT INTO app.things VALUES
            ('a', 1, 'plain', 1250, 1.5, true, '2026-11-25', '2026-11-25 12:34:56.789012+01', '0d5a4e0e-0c84-4d0c-a3a1-6f6c5f2f8a11'),
            ('a', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            ('a', 3, '', 0, 0, false, '1970-01-01', '1970-01-01 00:00:00+00', '00000000-0000-0000-0000-000000000000'),
            ('a', 4, E'Größe, 日本語 and 🎈, a "quote", a \\ and a line\nbreak', -9223372036854775808, -0.1, true, '0001-01-01', '0001-01-01 00:00:00.000001+00', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
            ('a', 5, repeat('long ', 5000), 9223372036854775807, 1e300, false, '9999-12-31', '9999-12-31 23:59:59.999999+00', NULL),
            ('b', 1, 'null', 1, 1e-300, NULL, '1969-12-31', '1969-12-31 23:59:59.999999+00', NULL),
            ('b', 2, 'x', 2, 123456789.123456789, NULL, NULL, NULL, NULL),
            ('b', 3, 'x', 3, -2.5e-7, NULL, NULL, NULL, NULL),
            ('b', 4, 'x', 4, 1e15, NULL, NULL, NULL, NULL)
        """;

    private readonly ContractSet _contracts = new([Things]);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_the_same_for_every_type_at_a_position_that_both_have_left_behind()
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.StartAsync(Cancellation);
        using var store = new WarehouseStore(_contracts, Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = _folder["warehouse.duckdb"] }));
        await database.RunAsync(Rows, Cancellation);
        var expected = await SourceAsync(database);
        var lsn = (ulong)await database.Superuser.ReadAsync<NpgsqlLogSequenceNumber>("SELECT pg_current_wal_lsn()", Cancellation);

        await database.RunAsync("UPDATE app.things SET money = money - 1 WHERE id = 1;\nDELETE FROM app.things WHERE tenant_id = 'a' AND id = 2;\nINSERT INTO app.things VALUES ('c', 1)", Cancellation);
        await ApplyAsync(database, store);
        using var reader = store.OpenReader();
        var warehouse = await EntityAtPosition.ReadAsync(reader, store.Table(Things), SourceOf(database), lsn, Cancellation);
        Assert.Equal(5, expected["a"].Rows);
        Assert.Equal(expected.OrderBy(tenant => tenant.Key), warehouse.OrderBy(tenant => tenant.Key));

        // And as they are now, which is something else.
        var now = await SourceAsync(database);
        Assert.NotEqual(expected["a"], now["a"]);
        Assert.Equal(now.OrderBy(tenant => tenant.Key), (await EntityAtPosition.ReadAsync(reader, store.Table(Things), SourceOf(database), ulong.MaxValue, Cancellation)).OrderBy(tenant => tenant.Key));
    }

    [Theory]
    [InlineData("UPDATE main.things SET text = NULL WHERE tenant_id = 'a' AND id = 3", "a")]
    [InlineData("UPDATE main.things SET money = money + 1 WHERE tenant_id = 'b' AND id = 2", "b")]
    [InlineData("UPDATE main.things SET number = number * 1.0000000001 WHERE tenant_id = 'b' AND id = 2", "b")]
    [InlineData("UPDATE main.things SET \"at\" = \"at\" + INTERVAL 1 MICROSECOND WHERE id = 1 AND tenant_id = 'a'", "a")]
    [InlineData("UPDATE main.things SET flag = false WHERE tenant_id = 'b' AND id = 1", "b")]
    [InlineData("DELETE FROM main.things WHERE tenant_id = 'a' AND id = 4", "a")]
    [InlineData("INSERT INTO main.things SELECT * FROM main.things WHERE tenant_id = 'b' AND id = 1", "b")]
    public async Task A_loss_a_doubling_and_another_value_of_any_type_show(string planted, string tenant)
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.StartAsync(Cancellation);
        using var store = new WarehouseStore(_contracts, Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = _folder["warehouse.duckdb"] }));
        await database.RunAsync(Rows, Cancellation);
        await ApplyAsync(database, store);

        using var reader = store.OpenReader();
        using (var plant = new DuckDBCommand(planted, reader)) Assert.Equal(1, plant.ExecuteNonQuery());
        var (expected, actual) = (await SourceAsync(database), await EntityAtPosition.ReadAsync(reader, store.Table(Things), SourceOf(database), ulong.MaxValue, Cancellation));
        Assert.NotEqual(expected[tenant], actual[tenant]);
        var other = tenant == "a" ? "b" : "a";
        Assert.Equal(expected[other], actual[other]);
    }

    private static string SourceOf(CapturedDatabase database) => ChangeSource.NameOf(database.Settings.TopicPrefix, database.Settings.Slot);

    private static async Task<Dictionary<string, TenantChecksum>> SourceAsync(CapturedDatabase database)
    {
        await using NpgsqlConnection source = await database.Superuser.OpenConnectionAsync(Cancellation);
        return await EntityAtPosition.ReadAsync(source, Things, Cancellation);
    }

    private async Task ApplyAsync(CapturedDatabase database, WarehouseStore store)
    {
        await database.CatchUpAsync(Cancellation);
        var batch = new ChangeBatch(_contracts, store.ReadPartitions(""), store.ReadTruncated(), new HeldRows());
        var events = new ChangeEventReader(_contracts);
        foreach (var message in database.Read("app.things"))
        {
            var @event = events.Read(
                new("cdc.app.things", 0, batch.Read), Things, Encoding.UTF8.GetBytes(message.Key!.ToJsonString()),
                message.Value is null ? null : Encoding.UTF8.GetBytes(message.Value.ToJsonString()));
            batch.Add(@event, DateTime.UnixEpoch);
        }

        Assert.Empty(batch.Parked);
        store.Apply(batch, "");
    }
}
