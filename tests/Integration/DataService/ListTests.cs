using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.DataService;

/// <summary>Lists of the data API, from the primary and from a replica: which rows, in what order, page by page.</summary>
public sealed class ListTests(PlatformServers servers) : IAsyncLifetime
{
    private TestTenant _shop = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Customers with ties in every column but the key, and with columns that are empty in some rows.</summary>
    private static IReadOnlyList<Customer> Customers { get; } =
    [
        .. from n in Enumerable.Range(1, 40)
           select new Customer(n, $"Name {n % 7}", n % 3 == 0 ? null : $"Company {n % 4}", n % 2 == 0 ? "Norway" : n % 5 == 0 ? "Österreich" : "Brazil", n % 4 == 0 ? "" : null),
    ];

    public async ValueTask InitializeAsync()
    {
        _shop = await TestTenant.CreateAsync(servers.Services, Cancellation);
        using var rows = new StringContent(
            string.Join('\n', Customers.Select(c => c.ToJson())), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/x-ndjson"));
        Assert.Equal(HttpStatusCode.OK, (await _shop.Primary.AskAsync(HttpMethod.Post, "/data/customers/bulk", rows, Cancellation)).Status);
    }

    public ValueTask DisposeAsync()
    {
        _shop.Dispose();
        return ValueTask.CompletedTask;
    }

    private static readonly Dictionary<string, Func<Customer, bool>> FiltersByQuery = new(StringComparer.Ordinal)
    {
        [""] = _ => true,
        ["customer_id=eq.7"] = c => c.Id == 7,
        ["customer_id=neq.7"] = c => c.Id != 7,
        ["customer_id=gt.7&customer_id=lte.12"] = c => c.Id is > 7 and <= 12,
        ["customer_id=gte.7&customer_id=lt.12"] = c => c.Id is >= 7 and < 12,
        ["customer_id=in.(3,5,404)"] = c => c.Id is 3 or 5,
        ["country=eq.Norway&last_name=eq.Name 3"] = c => c is { Country: "Norway", Name: "Name 3" },
        ["country=in.(Norway,Österreich)"] = c => c.Country is "Norway" or "Österreich",
        ["country=gt.Norway"] = c => c.Country == "Österreich",
        ["company=is.null"] = c => c.Company is null,
        ["company=is.notnull"] = c => c.Company is not null,
        ["company=neq.Company 1"] = c => c.Company is not null and not "Company 1",
        ["state=eq."] = c => c.State is "",
        ["country=eq.a country whose name is longer than any that the contract would let in at all"] = _ => false,
    };

    public static TheoryData<string> Filters => [.. FiltersByQuery.Keys];

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_finds_the_rows_that_fulfil_it_and_no_others(string query)
    {
        var expected = Customers.Where(FiltersByQuery[query]).Select(c => c.Id);
        foreach (var client in new[] { _shop.Primary, _shop.Replica })
        {
            var page = await client.AskAsync($"/data/customers?{Uri.EscapeDataString(query).Replace("%3D", "=", StringComparison.Ordinal).Replace("%26", "&", StringComparison.Ordinal)}", Cancellation);
            Assert.Equal(expected, page.Items.Select(Id).Order());
        }
    }

    private static readonly Dictionary<string, Func<IEnumerable<Customer>, IOrderedEnumerable<Customer>>> OrdersByQuery = new(StringComparer.Ordinal)
    {
        ["customer_id"] = rows => rows.OrderBy(c => c.Id),
        ["-customer_id"] = rows => rows.OrderByDescending(c => c.Id),
        ["country"] = rows => rows.OrderBy(c => c.Country, StringComparer.Ordinal),
        ["-country,last_name"] = rows => rows.OrderByDescending(c => c.Country, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal),
        ["company"] = rows => rows.OrderBy(c => c.Company is null).ThenBy(c => c.Company, StringComparer.Ordinal),
        ["-company"] = rows => rows.OrderBy(c => c.Company is null).ThenByDescending(c => c.Company, StringComparer.Ordinal),
        ["-state,-company,country"] = rows => rows.OrderBy(c => c.State is null).ThenByDescending(c => c.State, StringComparer.Ordinal)
            .ThenBy(c => c.Company is null).ThenByDescending(c => c.Company, StringComparer.Ordinal).ThenBy(c => c.Country, StringComparer.Ordinal),
    };

    public static TheoryData<string, int> Orders => new(
        from order in OrdersByQuery.Keys from limit in new[] { 1, 7, 40 } select new TheoryDataRow<string, int>(order, limit));

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Following_the_cursor_visits_every_row_once_in_order_with_empty_values_last(string order, int limit)
    {
        var expected = OrdersByQuery[order](Customers).ThenBy(c => c.Id).Select(c => c.Id);
        foreach (var client in new[] { _shop.Primary, _shop.Replica })
            Assert.Equal(expected, await FollowAsync(client, $"/data/customers?order={order}&limit={limit}&select=customer_id"));
    }

    [Fact]
    public async Task Rows_written_while_a_caller_pages_neither_repeat_nor_hide_others()
    {
        const string query = "/data/customers?order=last_name&limit=10&select=customer_id";
        var first = await _shop.Replica.AskAsync(query, Cancellation);
        var seen = first.Items.Select(Id).ToList();

        // One before the place where the page ended, one after it, and one that is gone.
        await _shop.Primary.CreateAsync("customers", "customer_id", Written.Customer("A").With("customer_id", 100), Cancellation);
        await _shop.Primary.CreateAsync("customers", "customer_id", Written.Customer("Z").With("customer_id", 101), Cancellation);
        await _shop.Primary.AskAsync(HttpMethod.Delete, $"/data/customers/{seen[^1]}", null, Cancellation);

        var rest = await FollowAsync(_shop.Replica, query, first.Body.GetProperty("next").GetString());
        Assert.Equal([.. Customers.Select(c => c.Id), 101], seen.Concat(rest).Order());
    }

    [Fact]
    public async Task An_answer_has_the_columns_asked_for_in_that_order()
    {
        var row = (await _shop.Replica.AskAsync("/data/customers?select=country,customer_id&customer_id=eq.2", Cancellation)).Items.Single();
        Assert.Equal(["country", "customer_id"], row.EnumerateObject().Select(column => column.Name));
    }

    [Fact]
    public async Task Amounts_and_times_are_compared_as_what_they_are()
    {
        foreach (var (id, total, at) in new[] { (1, 9.99m, "2025-01-31T23:59:59.999999Z"), (2, 10m, "2025-02-01T00:00:00Z"), (3, 100m, "2025-02-01T01:00:00+02:00") })
        {
            await _shop.Primary.CreateAsync(
                "orders", "order_id", Written.Order(customer: 1, total).With("order_id", id).With("ordered_at", at), Cancellation);
        }

        Assert.Equal([2, 3], await IdsAsync("orders?total=gt.9.99&order=total&select=order_id"));
        Assert.Equal([3, 2, 1], await IdsAsync("orders?order=-total&select=order_id"));
        Assert.Equal([3, 1], await IdsAsync("orders?ordered_at=lt.2025-02-01&order=ordered_at&select=order_id"));
        Assert.Equal([3, 1, 2], await FollowAsync(_shop.Replica, "/data/orders?order=ordered_at&limit=1&select=order_id"));
        Assert.Equal([1, 2, 3], await FollowAsync(_shop.Replica, "/data/orders?order=total&limit=1&select=order_id"));

        async Task<IEnumerable<long>> IdsAsync(string query) => (await _shop.Replica.AskAsync($"/data/{query}", Cancellation)).Items.Select(Id);
    }

    [Theory]
    [InlineData("colour=eq.red", "colour")]
    [InlineData("tenant_id=eq.steve", "tenant_id")]
    [InlineData("customer_id=eq.many", "customer_id")]
    [InlineData("customer_id=like.7", "customer_id")]
    [InlineData("select=colour", "select")]
    [InlineData("order=tenant_id", "order")]
    [InlineData("limit=100000", "limit")]
    [InlineData("offset=10", "offset")]
    public async Task A_question_that_makes_no_sense_is_refused_by_its_field(string query, string field)
    {
        var answer = await _shop.Replica.AskAsync($"/data/customers?{query}", Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.Status, Assert.Single(answer.Fields)));
    }

    [Theory]
    [InlineData("""["+customer_id",null]""", "")]
    [InlineData("""["+country+customer_id",null,null]""", "&order=country")]
    [InlineData("""["+customer_id","1","2"]""", "")]
    [InlineData("""["+customer_id","one"]""", "")]
    [InlineData("""["+customer_id","\ud800"]""", "")]
    [InlineData("""["-customer_id","1"]""", "")]
    [InlineData("""["+tenant_id","steve"]""", "&order=tenant_id")]
    [InlineData("""[[[[1]]]]""", "")]
    [InlineData("null", "")]
    [InlineData("", "")]
    public async Task A_cursor_that_no_answer_contained_is_refused(string content, string order)
    {
        var cursor = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(content));
        var answer = await _shop.Replica.AskAsync($"/data/customers?cursor={cursor}{order}", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotEmpty(answer.Fields);
    }

    private static async Task<List<long>> FollowAsync(HttpClient client, string query, string? cursor = null)
    {
        List<long> ids = [];
        do
        {
            var page = await client.AskAsync($"{query}{(cursor is null ? "" : $"&cursor={cursor}")}", Cancellation);
            ids.AddRange(page.Items.Select(Id));
            cursor = page.Body.GetProperty("next").GetString();
        }
        while (cursor is not null);

        return ids;
    }

    private static long Id(JsonElement row) => row.TryGetProperty("customer_id", out var customer) ? customer.GetInt64() : row.GetProperty("order_id").GetInt64();

    private sealed record Customer(long Id, string Name, string? Company, string Country, string? State)
    {
        public string ToJson() => Written.Customer(Name).With("customer_id", Id).With("company", Company).With("country", Country).With("state", State).ToJsonString();
    }
}
