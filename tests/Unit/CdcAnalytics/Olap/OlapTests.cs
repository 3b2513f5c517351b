using Apache.Arrow;
using Apache.Arrow.Ipc;
using Microsoft.AspNetCore.Http;
using Platform.CdcAnalytics.Olap;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Olap;

/// <summary>Questions to a small shop whose sums are known, beside another tenant whose rows count for none of them.</summary>
public sealed class OlapTests : IDisposable
{
    private static readonly ColumnContract CustomerId = new() { Name = "customer_id", Type = ColumnType.Integer, Required = true };
    private static readonly ColumnContract OrderId = new() { Name = "order_id", Type = ColumnType.Integer, Required = true };

    private static readonly EntityContract Customers = new()
    {
        Name = "customers", Version = "1.0.0", Key = CustomerId, Columns = [CustomerId, new() { Name = "country", Type = ColumnType.Text }],
    };

    private static readonly EntityContract Orders = new()
    {
        Name = "orders",
        Version = "1.0.0",
        Key = OrderId,
        Columns = [OrderId, CustomerId, new() { Name = "ordered_at", Type = ColumnType.Timestamp }, new() { Name = "total", Type = ColumnType.Money, Scale = 2 }],
        References = [new("customer_id", "customers", "customer_id")],
        Analytics = new("total", "ordered_at", []),
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-olap-");
    private readonly ContractSet _contracts = new([Customers, Orders]);
    private readonly WarehouseStore _store;
    private readonly OlapOptions _options = new();

    public OlapTests()
    {
        _store = new(_contracts, Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = Path.Combine(_folder.FullName, "warehouse.duckdb") }));
        _store.InTransaction(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                INSERT INTO customers (tenant_id, customer_id, country) VALUES ('jane', 1, 'Norway'), ('jane', 2, 'Chile'), ('jane', 3, NULL), ('steve', 1, 'Norway');
                INSERT INTO orders (tenant_id, order_id, customer_id, ordered_at, total) VALUES
                    ('jane', 1, 1, '2025-01-05 10:00', 1000), ('jane', 2, 1, '2025-02-07 10:00', 2050), ('jane', 3, 2, '2025-02-20 23:59', 500),
                    ('jane', 4, 3, '2025-04-01 00:00', 1), ('steve', 1, 1, '2025-01-05 10:00', 99999);
                """;
            command.ExecuteNonQuery();
        });
    }

    private static OlapMeasure Revenue => new() { Function = "sum", Column = "total" };

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_column_of_an_entity_referred_to_divides_the_sums() =>
        Assert.Equal(["Chile|1|5", "Norway|2|30.5", "|1|0.01"], Ask(new() { Measures = [new() { Function = "count" }, Revenue], Dimensions = ["customers.country"] }));

    [Theory]
    [InlineData("month", "2025-01-01|10", "2025-02-01|25.5", "2025-04-01|0.01")]
    [InlineData("quarter", "2025-01-01|35.5", "2025-04-01|0.01")]
    [InlineData("year", "2025-01-01|35.51")]
    public void Time_is_divided_as_finely_as_asked(string grain, params string[] expected) =>
        Assert.Equal(expected, Ask(new() { Measures = [Revenue], Time = new() { Grain = grain } }));

    [Fact]
    public void Days_are_limited_on_both_sides() =>
        Assert.Equal(["2025-02-07|20.5"], Ask(new() { Measures = [Revenue], Time = new() { From = new(2025, 1, 6), To = new(2025, 2, 19) } }));

    [Fact]
    public void A_rollup_has_subtotals_that_are_told_from_missing_values()
    {
        var answer = Ask(new() { Measures = [Revenue], Dimensions = ["customers.country"], Grouping = "rollup", Order = "-sum_total" });
        Assert.Equal(["|35.51|1", "Norway|30.5|0", "Chile|5|0", "|0.01|0"], answer);
    }

    [Fact]
    public void A_cube_has_every_subtotal() =>
        Assert.Equal(9, Ask(new() { Measures = [Revenue], Dimensions = ["customers.country"], Time = new() { Grain = "year" }, Grouping = "cube" }).Count + 1);

    [Fact]
    public void The_top_comes_first_and_no_more_than_asked() =>
        Assert.Equal(["Norway|30.5"], Ask(new() { Measures = [Revenue], Dimensions = ["customers.country"], Order = "-sum_total", Limit = 1 }));

    [Fact]
    public void Each_period_stands_beside_the_one_before() =>
        Assert.Equal(["2025-01-01|10|", "2025-02-01|25.5|10", "2025-04-01|0.01|"], Ask(new() { Measures = [Revenue], Time = new() { Grain = "month" }, Compare = "previous" }));

    [Theory]
    [InlineData("eq", "20.5", 1)]
    [InlineData("ge", "5.00", 3)]
    [InlineData("lt", "5.00", 1)]
    [InlineData("ne", "10", 3)]
    public void Money_is_compared_in_the_apis_units(string comparison, string value, long rows) =>
        Assert.Equal([$"{rows}"], Ask(new() { Filters = [new() { Column = "total", Operator = comparison, Values = [value] }] }));

    [Fact]
    public void One_of_several_values_and_none_are_conditions_too()
    {
        Assert.Equal(["3"], Ask(new() { Filters = [new() { Column = "customers.country", Operator = "in", Values = ["Norway", "Chile"] }] }));
        Assert.Equal(["1"], Ask(new() { Filters = [new() { Column = "customers.country", Operator = "null" }] }));
    }

    [Fact]
    public void Values_are_no_SQL() =>
        Assert.Equal(["0"], Ask(new() { Filters = [new() { Column = "customers.country", Values = ["' OR f.tenant_id = 'steve"] }] }));

    [Theory]
    [InlineData("total) FROM orders --")]
    [InlineData("tenant_id")]
    [InlineData("\"total\"")]
    [InlineData("customers.tenant_id")]
    [InlineData("products.price")]
    public void Names_come_from_the_contract_or_are_refused(string name)
    {
        Assert.Throws<OlapException>(() => Ask(new() { Dimensions = [name] }));
        Assert.Throws<OlapException>(() => Ask(new() { Measures = [new() { Function = "max", Column = name }] }));
        Assert.Throws<OlapException>(() => Ask(new() { Filters = [new() { Column = name, Values = ["1"] }] }));
        Assert.Throws<OlapException>(() => Ask(new() { Order = name }));
    }

    [Fact]
    public void What_cannot_be_asked_is_refused_with_what_to_write()
    {
        Assert.Contains("no number", Assert.Throws<OlapException>(() => Ask(new() { Measures = [new() { Function = "sum", Column = "customers.country" }] })).Message, StringComparison.Ordinal);
        Assert.Contains("no function", Assert.Throws<OlapException>(() => Ask(new() { Measures = [new() { Function = "drop", Column = "total" }] })).Message, StringComparison.Ordinal);
        Assert.Contains("no grain", Assert.Throws<OlapException>(() => Ask(new() { Time = new() { Grain = "'" } })).Message, StringComparison.Ordinal);
        Assert.Contains("no grouping", Assert.Throws<OlapException>(() => Ask(new() { Grouping = "x" })).Message, StringComparison.Ordinal);
        Assert.Contains("needs time", Assert.Throws<OlapException>(() => Ask(new() { Compare = "previous" })).Message, StringComparison.Ordinal);
        Assert.Contains("does not fit", Assert.Throws<OlapException>(() => Ask(new() { Filters = [new() { Column = "total", Values = ["much"] }] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rows_behind_a_figure_come_page_by_page()
    {
        var filters = new OlapFilter[] { new() { Column = "customers.country", Operator = "in", Values = ["Norway", "Chile"] } };
        var columns = new OlapColumns(Orders, _store, _contracts);
        var first = Run(OlapStatement.Of(new DrillRequest { Filters = filters, Limit = 2 }, columns, "jane", 100));
        Assert.Equal(["1", "2"], first.Rows.Select(row => OlapResult.Text(row[0])));
        var second = Run(OlapStatement.Of(new DrillRequest { Filters = filters, Limit = 2, After = "2" }, new(Orders, _store, _contracts), "jane", 100));
        Assert.Equal(["3|2|2025-02-20T23:59:00.0000000Z|5"], second.Rows.Select(Line));
    }

    [Fact]
    public void A_question_that_takes_too_long_is_interrupted()
    {
        _options.LongestQuery = TimeSpan.FromMilliseconds(1);
        _store.InTransaction(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO orders (tenant_id, order_id, customer_id, ordered_at, total) SELECT 'jane', range, range % 100000, '2025-01-01', range FROM range(3000000)";
            command.ExecuteNonQuery();
        });
        Assert.Throws<TimeoutException>(() => Ask(new() { Measures = [new() { Function = "distinct", Column = "order_id" }], Dimensions = ["customer_id"], Grouping = "cube" }));
    }

    [Fact]
    public async Task Csv_and_Arrow_say_the_same_as_JSON()
    {
        var answer = Run(OlapStatement.Of(new OlapRequest { Measures = [new() { Function = "count" }, Revenue], Time = new() { Grain = "year" } }, new(Orders, _store, _contracts), "jane", 100));
        Assert.Equal("""{"asOf":"0/0","ageMilliseconds":0,"items":[{"period":"2025-01-01","count":4,"sum_total":35.51}]}""", await TextAsync(answer, "application/json"));
        Assert.Equal("period,count,sum_total\r\n2025-01-01,4,35.51\r\n", await TextAsync(answer, "text/csv"));
        using var stream = await WriteAsync(answer, OlapResult.Arrow);
        using var reader = new ArrowStreamReader(stream);
        using var batch = await reader.ReadNextRecordBatchAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new DateTime(2025, 1, 1), ((Date32Array)batch.Column("period")).GetDateTime(0));
        Assert.Equal(4, ((Int64Array)batch.Column("count")).GetValue(0));
        Assert.Equal(35.51m, ((Decimal128Array)batch.Column("sum_total")).GetValue(0));
    }

    private List<string> Ask(OlapRequest request) => [.. Run(OlapStatement.Of(request, new(Orders, _store, _contracts), "jane", 100)).Rows.Select(Line)];

    private OlapAnswer Run(OlapStatement statement) =>
        new OlapRunner(_store, Microsoft.Extensions.Options.Options.Create(_options), TimeProvider.System).Run(statement, progress: null, TestContext.Current.CancellationToken);

    private static string Line(object?[] row) => string.Join('|', row.Select(OlapResult.Text));

    private static async Task<string> TextAsync(OlapAnswer answer, string accept)
    {
        using var stream = await WriteAsync(answer, accept);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task<MemoryStream> WriteAsync(OlapAnswer answer, string accept)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Accept = accept;
        var body = new MemoryStream();
        http.Response.Body = body;
        await new OlapResult(answer).ExecuteAsync(http);
        await http.Response.CompleteAsync();
        body.Position = 0;
        return body;
    }
}
