using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>The shop's data, loaded through the API, arrives everywhere and belongs to one tenant only.</summary>
public sealed class ShopTests(PlatformFixture fixture)
{
    private static readonly TimeSpan ArrivalDeadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Warehouse_totals_equal_the_shops_to_the_cent_although_analytics_was_killed_during_the_load()
    {
        Assert.True(fixture.KilledAnalytics);
        foreach (var expected in fixture.Shop.Totals)
        {
            using var tenant = await fixture.Platform.TenantAsync(expected.Tenant);
            await Eventually.HoldsAsync(
                async () =>
                {
                    var actual = await WarehouseTotalsAsync(tenant, expected.Tenant);
                    return (actual == expected, $"{actual}, expected {expected}");
                },
                ArrivalDeadline,
                TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Revenue_by_day_and_country_adds_up_to_the_tenants_revenue()
    {
        var expected = fixture.Shop.Totals[0];
        using var tenant = await fixture.Platform.TenantAsync(expected.Tenant);
        await Eventually.HoldsAsync(
            async () =>
            {
                var daily = await tenant.GetFromJsonAsync<JsonElement>("/analytics/orders/daily");
                var items = daily.GetProperty("items").EnumerateArray().ToList();
                var revenue = items.Sum(i => i.GetProperty("total").GetDecimal());
                var hasCountry = items.TrueForAll(i => i.GetProperty("dimensions").GetProperty("billing_country").GetString() is { Length: > 0 });
                return (revenue == expected.Revenue && hasCountry, $"{revenue} of {expected.Revenue}");
            },
            ArrivalDeadline,
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_question_over_references_adds_up_and_leads_to_its_rows()
    {
        var expected = fixture.Shop.Totals[0];
        using var tenant = await fixture.Platform.TenantAsync(expected.Tenant);
        await Eventually.HoldsAsync(
            async () =>
            {
                var asked = await tenant.PostAsJsonAsync("/analytics/orders/query", new
                {
                    measures = new object[] { new { function = "count" }, new { function = "sum", column = "total" } }, dimensions = new[] { "customers.country" }, time = new { grain = "month" },
                });
                var items = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().ToList();
                var revenue = items.Sum(i => i.GetProperty("sum_total").GetDecimal());
                return (revenue == expected.Revenue && items.Sum(i => i.GetProperty("count").GetInt32()) == expected.Orders, $"{revenue} of {expected.Revenue}");
            },
            ArrivalDeadline,
            TestContext.Current.CancellationToken);
        var rows = await tenant.PostAsJsonAsync("/analytics/orders/rows", new { filters = new[] { new { column = "total", @operator = "gt", values = new[] { "0" } } }, limit = 5 });
        Assert.Equal(5, (await rows.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").GetArrayLength());
        var refused = await tenant.PostAsJsonAsync("/analytics/orders/query", new { dimensions = new[] { "tenant_id" } });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Api_lists_every_row_once_by_following_the_cursor()
    {
        foreach (var expected in fixture.Shop.Totals)
        {
            using var tenant = await fixture.Platform.TenantAsync(expected.Tenant);
            var ids = await ListIdsAsync(tenant, "orders", "order_id", "order=-total&limit=37");
            Assert.Equal(expected.Orders, ids.Count);
            Assert.Equal(expected.Orders, ids.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_tenants_token_reads_none_of_anothers_rows_by_any_route()
    {
        using var jane = await fixture.Platform.TenantAsync("jane");
        using var steve = await fixture.Platform.TenantAsync("steve");
        foreach (var (entity, key) in new[] { ("customers", "customer_id"), ("orders", "order_id"), ("order_lines", "order_line_id") })
        {
            var own = await ListIdsAsync(jane, entity, key, "limit=1000");
            var others = await ListIdsAsync(steve, entity, key, "limit=1000");
            var foreign = others.Except(own).ToList();
            Assert.NotEmpty(foreign);
            foreach (var id in foreign.Take(5))
            {
                Assert.Equal(HttpStatusCode.NotFound, (await jane.GetAsync($"/data/{entity}/{id}")).StatusCode);
                Assert.Equal(HttpStatusCode.NotFound, (await jane.DeleteAsync($"/data/{entity}/{id}")).StatusCode);
                Assert.Empty(await ListIdsAsync(jane, entity, key, $"{key}=eq.{id}"));
            }
        }

        // What a caller claims beside the token counts for nothing.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/data/orders?limit=1000");
        request.Headers.Add("X-Tenant", "steve");
        request.Headers.Add("X-Tenant-Id", "steve");
        var answer = await (await jane.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            fixture.Shop.Totals.Single(t => t.Tenant == "jane").Orders, answer.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, (await jane.GetAsync("/data/orders?tenant_id=eq.steve")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await jane.GetAsync("/tenants")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await jane.GetAsync("/nodes")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await jane.GetAsync("/internal/nodes")).StatusCode);
    }

    [Fact]
    public async Task An_order_cannot_refer_to_another_tenants_customer()
    {
        using var jane = await fixture.Platform.TenantAsync("jane");
        using var steve = await fixture.Platform.TenantAsync("steve");
        var own = await ListIdsAsync(jane, "customers", "customer_id", "limit=1000");
        var foreign = (await ListIdsAsync(steve, "customers", "customer_id", "limit=1000")).Except(own).First();
        var answer = await jane.PostAsJsonAsync("/data/orders", new
        {
            customer_id = foreign, ordered_at = "2025-05-05T10:00:00Z", billing_address = "1 Test Street", billing_city = "Oslo", billing_country = "Norway", total = 1.00m,
        });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(problem.GetProperty("errors").TryGetProperty("customer_id", out _), problem.ToString());
    }

    private static async Task<ShopTotals> WarehouseTotalsAsync(HttpClient client, string tenant)
    {
        async Task<JsonElement> SummaryAsync(string entity) => await client.GetFromJsonAsync<JsonElement>($"/analytics/{entity}/summary");
        try
        {
            var orders = await SummaryAsync("orders");
            return new(
                tenant,
                (await SummaryAsync("customers")).GetProperty("rows").GetInt32(),
                orders.GetProperty("rows").GetInt32(),
                (await SummaryAsync("order_lines")).GetProperty("rows").GetInt32(),
                orders.GetProperty("total").GetDecimal());
        }
        catch (HttpRequestException)
        {
            // The analytics service is being started again.
            return new(tenant, -1, -1, -1, -1);
        }
    }

    private static async Task<List<long>> ListIdsAsync(HttpClient client, string entity, string key, string query)
    {
        List<long> ids = [];
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/data/{entity}?{query}&select={key}{(cursor is null ? "" : $"&cursor={cursor}")}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty(key).GetInt64()));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        return ids;
    }
}
