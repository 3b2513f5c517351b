using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Platform.CdcAnalytics.Olap;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>Rollups are at every commit what the rows are, and only the groups that changes touched are written.</summary>
public sealed class RollupTests : IDisposable
{
    private readonly ShopFile _shop = new();

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_any_changes_in_any_order_each_rollup_is_what_the_rows_give(int seed)
    {
        var random = new Random(seed);
        for (var batch = 0; batch < 25; batch++)
        {
            for (var i = random.Next(1, 12); i > 0; i--) AddRandom(random, (ulong)(1000 + (batch * 100) + i));
            _shop.Commit();
            if (batch % 9 == 8) Reconcile(random, (ulong)(1000 + (batch * 100)));
            foreach (var rollup in _shop.Rollups)
            {
                var (kept, computed) = _shop.Compare(rollup);
                Assert.True(kept.SequenceEqual(computed), $"seed {seed}, batch {batch}, {rollup.Name}:\n{string.Join('\n', kept)}\ninstead of\n{string.Join('\n', computed)}");
            }
        }
    }

    [Fact]
    public void A_change_of_one_order_writes_the_groups_that_it_leaves_and_comes_to()
    {
        Fill();
        Assert.Equal((1, 0), Written("by_day", () => _shop.Apply(ShopFile.Orders, 'u', ShopFile.Order(1, 1, "2025-01-02", 10), 500)));
        Assert.DoesNotContain("01/01/2025", string.Join(' ', _shop.Read("SELECT _period FROM rollup.by_day WHERE tenant_id = 'jane'")), StringComparison.Ordinal);
        Assert.Equal((1, 0), Written("by_day", () => _shop.Apply(ShopFile.Orders, 'u', ShopFile.Order(1, 1, "2025-01-02", 20), 510)));
        Assert.Equal((1, 1), Written("by_day", () => _shop.Apply(ShopFile.Orders, 'u', ShopFile.Order(2, 1, "2025-01-02", 5), 520)));
        Assert.Equal((1, 0), Written("by_day", () => _shop.Apply(ShopFile.Orders, 'd', ShopFile.Order(1, 1, "2025-01-02", 20), 530)));
        Assert.Equal((0, 1), Written("by_day", () => _shop.Apply(ShopFile.Orders, 'd', ShopFile.Order(2, 1, "2025-01-02", 5), 540)));
    }

    [Fact]
    public void What_counts_in_no_rollup_writes_nothing()
    {
        Fill();
        Assert.Equal((0, 0), Written("by_day", () => _shop.Apply(ShopFile.Orders, 'u', ShopFile.Order(1, 1, "2025-01-01", 10, "another note"), 500)));
        Assert.Equal((0, 0), Written("extremes", () => _shop.Apply(ShopFile.Orders, 'u', ShopFile.Order(1, 1, "2025-01-01", 10, "one more"), 510)));
        Assert.Equal((0, 0), Written("by_day", () => _shop.Apply(ShopFile.Customers, 'u', ShopFile.Customer(1, "Norway", "another name"), 520)));
        _shop.Forget();
        Assert.Equal((0, 0), Written("by_day", () => _shop.Apply(ShopFile.Orders, 'c', ShopFile.Order(1, 1, "2024-12-12", 99), 110)));
    }

    [Fact]
    public void A_customer_who_moves_takes_orders_and_lines_along()
    {
        Fill();
        Assert.Equal((1, 0), Written("sold", () => _shop.Apply(ShopFile.Customers, 'u', ShopFile.Customer(2, "Peru"), 500)));
        Assert.Equal(["jane 01/01/2025 Norway 1 5 1", "jane 01/02/2025 Peru 1 7 1"], _shop.Read("SELECT * FROM rollup.sold ORDER BY ALL"));
        Assert.Equal(["Norway", "Peru"], _shop.Read("SELECT DISTINCT customers_country FROM rollup.by_day WHERE customers_country IS NOT NULL ORDER BY ALL"));
        _shop.Apply(ShopFile.Orders, 'd', ShopFile.Order(2, 2, "2025-01-02", 20), 600);
        Assert.Equal(["jane 01/01/2025 Norway 1 5 1", "jane - - 1 7 1"], _shop.Read("SELECT * FROM rollup.sold ORDER BY ALL"));
    }

    public static TheoryData<string, string?> Questions => new()
    {
        { """{"measures":[{"function":"sum","column":"total"},{"function":"count"}],"dimensions":["customers.country"]}""", "by_day" },
        { """{"measures":[{"function":"avg","column":"total"},{"function":"count","column":"total"}],"time":{"grain":"month"},"dimensions":["customers.country"],"grouping":"cube"}""", "by_day" },
        { """{"measures":[{"function":"sum","column":"total"}],"time":{"from":"2025-01-02"},"filters":[{"column":"customers.country","operator":"in","values":["Norway","Chile"]}]}""", "by_day" },
        { """{"measures":[{"function":"sum","column":"total"}],"time":{"grain":"month"},"compare":"previous","order":"-sum_total","limit":2}""", "by_day" },
        { """{"measures":[{"function":"count","column":"total"}],"time":{"grain":"year"}}""", "by_month" },
        { """{"measures":[{"function":"min","column":"total"},{"function":"max","column":"ordered_at"}],"filters":[{"column":"customers.country","operator":"null"}]}""", "extremes" },
        { """{"measures":[{"function":"sum","column":"total"}],"filters":[{"column":"customers.country","values":["Nowhere"]}]}""", "by_day" },
        { """{"measures":[{"function":"max","column":"total"}],"time":{"grain":"month"}}""", null },
        { """{"measures":[{"function":"distinct","column":"total"}]}""", null },
        { """{"measures":[{"function":"sum","column":"total"}],"filters":[{"column":"total","operator":"gt","values":["0.10"]}]}""", null },
        { """{"measures":[{"function":"count","column":"total"}],"dimensions":["customers.name"]}""", null },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_question_that_a_rollup_has_everything_for_is_answered_from_it_and_the_answer_is_the_same(string question, string? rollup)
    {
        Fill();
        var request = JsonSerializer.Deserialize<OlapRequest>(question, JsonSerializerOptions.Web)!;
        foreach (var tenant in new[] { "jane", "steve", "nobody" })
        {
            var (answer, computed) = (Ask(request, ShopFile.Orders, tenant), Ask(request, ShopFile.Orders with { Rollups = [] }, tenant));
            Assert.Equal((rollup, null), (answer.Rollup, computed.Rollup));
            Assert.Equal(computed.Fields, answer.Fields);
            Assert.Equal(computed.Rows.Select(Line).Order(StringComparer.Ordinal), answer.Rows.Select(Line).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_rollup_that_is_declared_differently_is_computed_anew_and_one_that_is_not_any_more_is_removed()
    {
        Fill();
        _shop.Store.Dispose();
        var orders = ShopFile.Orders with { Rollups = [new("by_day", "ordered_at", "month", [], [])] };
        using var store = new WarehouseStore(new([ShopFile.Customers, orders, ShopFile.Lines]), Microsoft.Extensions.Options.Options.Create(_shop.Options));
        using var connection = store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT CAST(sum(_rows) AS VARCHAR) FROM rollup.by_day WHERE tenant_id = 'jane') || (SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM duckdb_tables() WHERE schema_name = 'rollup')";
        Assert.Equal("4by_day sold", command.ExecuteScalar());
    }

    private void Fill()
    {
        _shop.Add(ShopFile.Customers, 'c', ShopFile.Customer(1, "Norway"), 100);
        _shop.Add(ShopFile.Customers, 'c', ShopFile.Customer(2, "Chile"), 101);
        _shop.Add(ShopFile.Customers, 'c', ShopFile.Customer(1, "Norway"), 102, "steve");
        _shop.Add(ShopFile.Orders, 'c', ShopFile.Order(1, 1, "2025-01-01", 10), 110);
        _shop.Add(ShopFile.Orders, 'c', ShopFile.Order(2, 2, "2025-01-02", 20), 111);
        _shop.Add(ShopFile.Orders, 'c', ShopFile.Order(3, null, "2025-02-01", null), 112);
        _shop.Add(ShopFile.Orders, 'c', ShopFile.Order(4, 1, "2025-03-01", 7), 113);
        _shop.Add(ShopFile.Orders, 'c', ShopFile.Order(1, 1, "2025-01-01", 99999), 114, "steve");
        _shop.Add(ShopFile.Lines, 'c', ShopFile.Line(1, 1, 5), 120);
        _shop.Add(ShopFile.Lines, 'c', ShopFile.Line(2, 2, 7), 121);
        _shop.Commit();
    }

    // Small ranges, so that changes meet: repeated, late, on rows that are not there, of snapshots, and emptied tables.
    private void AddRandom(Random random, ulong lsn)
    {
        var (entity, id, partition) = (_shop.Contracts.Entities[random.Next(3)], random.Next(6), random.Next(3));
        var tenant = random.Next(3) == 0 ? "steve" : "jane";
        var operation = random.Next(40) switch { 0 => 't', < 8 => 'd', < 14 => 'r', < 26 => 'u', _ => 'c' };
        if (random.Next(5) == 0) lsn -= (ulong)random.Next(400);
        var row = entity.Name switch
        {
            "customers" => ShopFile.Customer(id, random.Next(4) == 0 ? null : $"country {random.Next(3)}"),
            "orders" => ShopFile.Order(id, random.Next(5) == 0 ? null : random.Next(6), $"2025-0{random.Next(1, 4)}-01", random.Next(5) == 0 ? null : random.Next(5)),
            _ => ShopFile.Line(id, random.Next(7), random.Next(9)),
        };
        _shop.Add(entity, operation, operation == 't' ? null : row, lsn, tenant, partition);
    }

    private void Reconcile(Random random, ulong lsn)
    {
        var entity = _shop.Contracts.Entities[random.Next(3)];
        _shop.Store.Reconcile(_shop.Store.Table(entity), "cdc/platform", lsn, DateTime.UnixEpoch, new TopicPartitionOffset("snapshots", 0, 1), "broker");
    }

    // Groups written, and how many fewer there are. A row that is written anew is at another place of its table.
    private (long Written, long Fewer) Written(string rollup, Action change)
    {
        var (last, before) = (Number($"SELECT coalesce(max(rowid), -1) FROM rollup.{rollup}"), Number($"SELECT count(*) FROM rollup.{rollup}"));
        change();
        return (Number($"SELECT count(*) FROM rollup.{rollup} WHERE rowid > {last}"), before - Number($"SELECT count(*) FROM rollup.{rollup}"));
    }

    private long Number(string sql) => long.Parse(_shop.Read(sql)[0], CultureInfo.InvariantCulture);

    private OlapAnswer Ask(OlapRequest request, EntityContract entity, string tenant) =>
        new OlapRunner(_shop.Store, Microsoft.Extensions.Options.Options.Create(new OlapOptions()), TimeProvider.System)
            .Run(OlapStatement.Of(request, new OlapColumns(entity, _shop.Store, _shop.Contracts), tenant, 100), progress: null, TestContext.Current.CancellationToken);

    private static string Line(object?[] row) => string.Join('|', row.Select(OlapResult.Text));
}
