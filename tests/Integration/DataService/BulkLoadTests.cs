using System.Net;
using System.Text;
using System.Text.Json;
using Platform.Harness;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.DataService;

/// <summary>Loads of many rows: all or none, every bad row named, however long the stream is.</summary>
public sealed class BulkLoadTests(PlatformServers servers) : IAsyncLifetime
{
    private const string Csv = "text/csv", NdJson = "application/x-ndjson";
    private const string Header = "customer_id,first_name,last_name,company,address,city,country,email";

    private TestTenant _shop = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _shop = await TestTenant.CreateAsync(servers.Services, Cancellation);

    public ValueTask DisposeAsync()
    {
        _shop.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Csv_is_read_as_it_is_meant_quotes_line_breaks_and_empty_fields_included()
    {
        var answer = await LoadAsync("customers", Csv, $"""
            {Header}
            1,Bjørn,"Hansen, jr.","He said ""hi"" AS","Two
            lines",Oslo,Norway,b@example.com
            2,Ana,Silva,,Rua 1,São Paulo,Brazil,a@example.com
            """);
        Assert.Equal((HttpStatusCode.OK, 2), (answer.Status, answer.Body.GetProperty("inserted").GetInt32()));
        var rows = (await _shop.Replica.AskAsync("/data/customers?order=customer_id", Cancellation)).Items;
        Assert.Equal(("Hansen, jr.", "He said \"hi\" AS", "Two\nlines"), (Text(rows[0], "last_name"), Text(rows[0], "company"), Text(rows[0], "address")));
        Assert.Equal(("Silva", null, "São Paulo"), (Text(rows[1], "last_name"), Text(rows[1], "company"), Text(rows[1], "city")));
    }

    [Fact]
    public async Task Rows_without_a_key_get_one_each()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 500).Select(_ => Written.Customer().ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, (await LoadAsync("customers", NdJson, rows)).Status);
        Assert.Equal(500, await CountAsync());
    }

    [Fact]
    public async Task A_bad_row_is_named_by_its_line_and_field_and_nothing_is_loaded()
    {
        var answer = await LoadAsync("customers", Csv, $"""
            {Header}
            1,Bjørn,Hansen,,"Three
            lines
            here",Oslo,Norway,b@example.com

            2,Ana,Silva,,Rua 1,,Brazil,a@example.com
            3,Ana,Silva,,Rua 1,São Paulo,Brazil,no address
            4,Ana,Silva
            5,Ana,Silva,,Rua 1,São Paulo,Brazil,a@example.com
            """);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([(6, "city"), (7, "email"), (8, null)], BadRows(answer).Select(row => (row.Line, row.Field)));
        Assert.Equal("city is required.", BadRows(answer)[0].Reason);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Lines_that_are_no_row_are_named_among_those_that_are()
    {
        var answer = await LoadAsync("customers", NdJson, $$"""
            {{Written.Customer().ToJsonString()}}

            {"first_name":
            [1]
            {{Written.Customer().With("colour", "red").ToJsonString()}}
            {"\ud800": 1}
            """);
        Assert.Equal([(3, null), (4, null), (5, "colour"), (6, null)], BadRows(answer).Select(row => (row.Line, row.Field)));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Rows_that_only_the_database_can_refuse_are_named_too()
    {
        var customer = await _shop.Primary.CreateAsync("customers", "customer_id", Written.Customer(), Cancellation);
        await _shop.Primary.CreateAsync("orders", "order_id", Written.Order(customer).With("order_id", 3), Cancellation);
        var rows = Enumerable.Range(1, 2500).Select(line => line switch
        {
            3 => Written.Order(customer).With("order_id", 3), // taken
            777 => Written.Order(customer).With("order_id", 776), // twice in the file
            1234 => Written.Order(customer: 404).With("order_id", line), // no such customer
            2500 => Written.Order(customer).With("order_id", line).With("ordered_at", "1999-12-31T23:59:59Z"), // no such month
            _ => Written.Order(customer).With("order_id", line),
        });
        var answer = await LoadAsync("orders", NdJson, string.Join('\n', rows.Select(row => row.ToJsonString())));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            [(3, "order_id"), (777, "order_id"), (1234, "customer_id"), (2500, "ordered_at")], BadRows(answer).Select(row => (row.Line, row.Field)));
        Assert.All(BadRows(answer), row => Assert.NotEmpty(row.Reason));
        Assert.Equal(1, await CountAsync("orders"));
    }

    [Fact]
    public async Task Of_many_bad_rows_the_first_twenty_are_named_whoever_refuses_them()
    {
        // Of every ten lines the third misses its customer, which the database finds, and the seventh an amount, which is found before.
        var customer = await _shop.Primary.CreateAsync("customers", "customer_id", Written.Customer(), Cancellation);
        var rows = Enumerable.Range(1, 900).Select(line => (line % 10) switch
        {
            3 => Written.Order(customer: 404),
            7 => Written.Order(customer).Without("total"),
            _ => Written.Order(customer),
        });
        var answer = await LoadAsync("orders", NdJson, string.Join('\n', rows.Select(row => row.ToJsonString())));
        var expected = from tens in Enumerable.Range(0, 10) from bad in new[] { (tens * 10 + 3, "customer_id"), (tens * 10 + 7, "total") } select bad;
        Assert.Equal(expected, BadRows(answer).Select(row => (row.Line, row.Field!)));
        Assert.Equal(0, await CountAsync("orders"));
    }

    [Theory]
    [InlineData("customer_id,first_name,last_name,address,city,country,email,colour", "colour")]
    [InlineData("customer_id,first_name,last_name,address,city,country,email,tenant_id", "tenant_id")]
    [InlineData("customer_id,first_name,last_name,address,city,country", "email")]
    [InlineData("city,first_name,last_name,address,city,country,email", "city")]
    public async Task A_header_that_does_not_fit_is_refused_by_the_column_before_a_row_is_read(string header, string column)
    {
        var answer = await LoadAsync("customers", Csv, header + "\n1,2,3,4,5,6,7,8\n");
        Assert.Equal((HttpStatusCode.BadRequest, column), (answer.Status, Assert.Single(answer.Fields)));
    }

    [Fact]
    public async Task A_format_that_is_not_known_is_refused_with_those_that_are()
    {
        var answer = await LoadAsync("customers", "application/xml", "<customers/>");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.Contains(NdJson, answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Csv)]
    [InlineData(NdJson)]
    public async Task A_field_of_megabytes_is_a_bad_row_and_not_a_failure(string format)
    {
        var huge = new string('x', 3 << 20);
        var text = format == Csv ? $"{Header}\n1,Ana,{huge},,Rua 1,Rio,Brazil,a@example.com\n" : Written.Customer(huge).ToJsonString();
        var answer = await LoadAsync("customers", format, text);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(format == Csv ? 2 : 1, Assert.Single(BadRows(answer)).Line);
    }

    [Theory]
    [InlineData(Csv)]
    [InlineData(NdJson)]
    public async Task Fifty_thousand_rows_arrive_all_of_them_in_one_stream(string format)
    {
        const int rows = 50_000;
        using var body = new StreamedContent(format, async (writer, _) =>
        {
            if (format == Csv) await writer.WriteLineAsync(Header);
            for (var n = 1; n <= rows; n++) await writer.WriteLineAsync(Row(format, n));
        });
        var answer = await _shop.Primary.AskAsync(HttpMethod.Post, "/data/customers/bulk", body, Cancellation);
        Assert.Equal((HttpStatusCode.OK, rows), (answer.Status, answer.Body.GetProperty("inserted").GetInt32()));
        Assert.Equal(rows, await CountAsync());
    }

    [Fact]
    public async Task A_load_that_its_caller_gives_up_leaves_nothing()
    {
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var body = new StreamedContent(NdJson, async (writer, cancellationToken) =>
        {
            for (var n = 1; n <= 20_000; n++) await writer.WriteLineAsync(Row(NdJson, n));
            await writer.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        });
        var load = _shop.Primary.AskAsync(HttpMethod.Post, "/data/customers/bulk", body, givenUp.Token);
        await HalfLoadedAsync(expected: true);

        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
        await HalfLoadedAsync(expected: false);
        Assert.Equal(0, await CountAsync());
    }

    private static string Row(string format, int n) => format == Csv
        ? $"{n},Ana,\"Silva, {n}\",,Rua {n},Rio,Brazil,a{n}@example.com"
        : Written.Customer($"Silva, {n}").With("customer_id", n).ToJsonString();

    // Only a transaction that has written has a number, and only this class writes so much that it can be met between two statements.
    private Task HalfLoadedAsync(bool expected) => Eventually.HoldsAsync(
        async () =>
        {
            var loads = await servers.Superuser.ReadAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = 'platform_api' AND backend_xid IS NOT NULL AND state = 'idle in transaction'", Cancellation);
            return (loads > 0 == expected, $"{loads} loads under way");
        },
        Deadline.Usual,
        Cancellation);

    private async Task<Answer> LoadAsync(string entity, string format, string rows)
    {
        using var body = new StringContent(rows, Encoding.UTF8, format);
        return await _shop.Primary.AskAsync(HttpMethod.Post, $"/data/{entity}/bulk", body, Cancellation);
    }

    private Task<long> CountAsync(string entity = "customers") =>
        servers.Superuser.ReadAsync<long>($"SELECT count(*) FROM app.{entity} WHERE tenant_id = $1", Cancellation, _shop.Id);

    private static List<(int Line, string? Field, string Reason)> BadRows(Answer answer) =>
    [
        .. answer.Body.GetProperty("badRows").EnumerateArray()
            .Select(row => (row.GetProperty("line").GetInt32(), Text(row, "field"), row.GetProperty("reason").GetString()!)),
    ];

    private static string? Text(JsonElement row, string column) => row.GetProperty(column).GetString();
}
