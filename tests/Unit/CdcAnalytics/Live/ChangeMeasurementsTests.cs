using System.Text;
using Platform.CdcAnalytics.Live;
using Platform.Contracts;
using Platform.Replication;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Live;

public sealed class ChangeMeasurementsTests
{
    private static readonly ColumnContract Id = new() { Name = "order_id", Type = ColumnType.Integer };
    private static readonly EntityContract Orders = new()
    {
        Name = "orders", Version = "1.0.0", Key = Id, Columns = [Id, new() { Name = "total", Type = ColumnType.Money, Scale = 2 }],
        Analytics = new("total", "ordered_at", []),
    };

    [Theory]
    [InlineData("c", null, 1234, 1, 12.34)]
    [InlineData("u", 1234, 1000, 0, -2.34)]
    [InlineData("u", 1000, 1000, 0, 0.0)]
    [InlineData("d", 1000, null, -1, -10.0)]
    public void A_change_moves_the_sum_by_what_is_after_it_less_what_was_before(string operation, int? before, int? after, double count, double amount)
    {
        var change = Parse(operation, Row(before), Row(after));
        Assert.Equal(new LogPosition(0xABC, 3), change.Position);
        Assert.Equal(["changes", "changes.orders", "orders"], change.Items.Select(item => item.Metric));
        var orders = change.Items[2];
        Assert.Equal(("jane", count, (decimal)amount), (orders.Tenant, orders.Count, orders.Amount));
        // The time of the commit, to the microsecond.
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(7), orders.Time);
    }

    [Fact]
    public void Rows_of_a_snapshot_did_not_happen_now() => Assert.Empty(Parse("r", "null", Row(5)).Items);

    [Fact]
    public void A_truncation_is_a_change_of_no_tenant_and_of_no_amount()
    {
        var change = Parse("t", "null", "null");
        Assert.Equal([("changes", null), ("changes.orders", null)], change.Items.Select(item => (item.Metric, item.Tenant)));
    }

    private static string Row(int? total) => total is null ? "null" : $$"""{"tenant_id":"jane","order_id":1,"total":{{total}}}""";

    private static ChangeMeasurements Parse(string operation, string before, string after) => ChangeMeasurements.Parse(Orders, Encoding.UTF8.GetBytes(
        $$"""{"before":{{before}},"after":{{after}},"source":{"ts_us":1772366400000007},"transaction":{"id":"77:2748","total_order":3},"op":"{{operation}}"}"""));
}
