using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Platform.DataService.Queries;
using Platform.DataService.Storage;
using Xunit;

namespace Platform.Unit.DataService;

public sealed class ListQueryParserTests
{
    private static readonly EntitySql Sql = new("app", Shop.Orders);

    [Theory]
    [InlineData("colour=eq.red", "colour")]
    [InlineData("tenant_id=eq.steve", "tenant_id")]
    [InlineData("total=500", "total")]
    [InlineData("total=near.500", "total")]
    [InlineData("total=gt.much", "total")]
    [InlineData("total=in.()", "total")]
    [InlineData("country=is.empty", "country")]
    [InlineData("select=colour", "select")]
    [InlineData("select=", "select")]
    [InlineData("order=colour", "order")]
    [InlineData("order=total,-total", "order")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("order=total&cursor=WyIrb3JkZXJfaWQiLCIxIl0", "cursor")] // a cursor of another order
    public void A_mistake_is_named_by_its_field(string query, string field)
    {
        var parser = new ListQueryParser(Shop.Orders);
        Assert.Null(parser.Parse(Query(query)));
        Assert.Equal([field], parser.Errors.Keys);
    }

    [Theory]
    [InlineData("total=gt.5", "\"total\" > $2")]
    [InlineData("total=gte.5&total=lt.10", "\"total\" >= $2 AND \"total\" < $3")]
    [InlineData("country=in.(Norway,Peru)", "\"country\" = ANY ($2)")]
    [InlineData("country=is.null", "\"country\" IS NULL")]
    public void A_filter_becomes_a_condition_with_parameters(string query, string condition)
    {
        var sql = Parse(query).ToSql(Sql, "jane").Sql;
        Assert.Contains($"WHERE tenant_id = $1 AND {condition} ORDER BY", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_a_caller_writes_stands_in_the_sql()
    {
        const string attack = "x'; DROP TABLE app.orders; --";
        var sql = Parse($"country=eq.{Uri.EscapeDataString(attack)}").ToSql(Sql, attack);
        Assert.DoesNotContain("DROP", sql.Sql, StringComparison.Ordinal);
        Assert.Equal([attack, attack], sql.Parameters.Select(p => p.Value));
    }

    [Fact]
    public void The_order_ends_with_the_key_so_that_it_is_total() =>
        Assert.Contains("ORDER BY \"total\" DESC, \"order_id\" LIMIT 51", Parse("order=-total").ToSql(Sql, "jane").Sql, StringComparison.Ordinal);

    private static ListQuery Parse(string query)
    {
        var parser = new ListQueryParser(Shop.Orders);
        return parser.Parse(Query(query)) ?? throw new InvalidOperationException(string.Join(", ", parser.Errors.SelectMany(e => e.Value)));
    }

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery(query));
}
