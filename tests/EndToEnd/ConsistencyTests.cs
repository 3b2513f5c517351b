using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>What was written is read: at once with the token, within a second without, from the API and from the warehouse.</summary>
public sealed class ConsistencyTests(PlatformFixture fixture)
{
    private const string TokenHeader = "X-Consistency-Token", NodeHeader = "X-Served-By";

    [Fact]
    public async Task A_read_with_the_token_of_a_write_is_never_older_than_the_write()
    {
        using var tenant = await NewTenantAsync("read-your-writes");
        var created = await CreateCustomerAsync(tenant, "Ada");
        for (var i = 0; i < 100; i++)
        {
            var name = $"Ada {i}";
            var changed = await tenant.PatchAsJsonAsync($"/data/customers/{created.Id}", new { first_name = name });
            await changed.RequireSuccessAsync();
            var (read, _) = await GetAsync(tenant, created.Id, changed.Headers.GetValues(TokenHeader).Single());
            Assert.Equal(name, read.GetProperty("first_name").GetString());
        }
    }

    [Fact]
    public async Task Reads_are_served_by_replicas_and_writes_by_the_primary()
    {
        using var tenant = await NewTenantAsync("routing");
        HashSet<string> readers = [];
        for (var i = 0; i < 20; i++)
        {
            var answer = await tenant.GetAsync($"/data/customers?limit={i + 1}");
            await answer.RequireSuccessAsync();
            readers.Add(answer.Headers.GetValues(NodeHeader).Single());
        }

        Assert.Equal(["postgres-replica-1", "postgres-replica-2"], readers.Order(StringComparer.Ordinal));
        Assert.Equal("postgres", (await CreateCustomerAsync(tenant, "Bob")).ServedBy);
    }

    [Fact]
    public async Task An_update_by_psql_reaches_cached_reads_and_the_warehouse()
    {
        const string tenantId = "psql-update";
        using var tenant = await NewTenantAsync(tenantId);
        var order = await tenant.PostAsJsonAsync("/data/orders", new
        {
            customer_id = (await CreateCustomerAsync(tenant, "Dora")).Id, ordered_at = "2025-06-07T08:09:10Z", billing_address = "1 Test Street", billing_city = "Reykjavík", billing_country = "Iceland", total = 10.00m,
        });
        await order.RequireSuccessAsync();
        var id = (await order.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetInt64();
        var token = order.Headers.GetValues(TokenHeader).Single();

        // Read until it comes from the cache: a cached read is what must not stay old.
        for (var i = 0; i < 5; i++) await GetAsync(tenant, id, token, "orders");
        Assert.Equal(1, await fixture.Platform.ExecuteAsync(tenantId, $"UPDATE app.orders SET total = 2345 WHERE order_id = {id}"));

        await Eventually.HoldsAsync(
            async () =>
            {
                var (read, _) = await GetAsync(tenant, id, token: null, "orders");
                var total = read.GetProperty("total").GetDecimal();
                return (total == 23.45m, $"{total}");
            },
            TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            async () =>
            {
                var daily = await tenant.GetFromJsonAsync<JsonElement>("/analytics/orders/daily?from=2025-06-07&to=2025-06-07");
                var total = daily.GetProperty("items").EnumerateArray()
                    .Where(i => i.GetProperty("dimensions").GetProperty("billing_country").GetString() == "Iceland")
                    .Sum(i => i.GetProperty("total").GetDecimal());
                return (total == 23.45m, $"{total}");
            },
            TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Analytics_with_the_token_of_a_write_sees_the_write()
    {
        using var tenant = await NewTenantAsync("fresh-sums");
        for (var i = 1; i <= 10; i++)
        {
            var created = await CreateCustomerAsync(tenant, $"Carol {i}");
            using var request = new HttpRequestMessage(HttpMethod.Get, "/analytics/customers/summary");
            request.Headers.Add(TokenHeader, created.Token);
            var answer = await tenant.SendAsync(request);
            await answer.RequireSuccessAsync();
            Assert.Equal(i, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rows").GetInt32());
        }
    }

    [Fact]
    public async Task A_replicas_data_service_refuses_a_write_with_421_and_says_where_to_go()
    {
        using var direct = new HttpClient { BaseAddress = await fixture.Platform.AddressAsync("data-replica-1") };
        var customer = new { first_name = "Eve", last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "eve@example.com" };
        // Without the platform's own identity a data service answers nothing, even on its own address.
        Assert.Equal(HttpStatusCode.Unauthorized, (await direct.PostAsJsonAsync("/data/customers", customer)).StatusCode);

        direct.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await fixture.Platform.InternalIdentityAsync("jane"));
        var refused = await direct.PostAsJsonAsync("/data/customers", customer);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(await fixture.Platform.AddressAsync("data"), new Uri(problem.GetProperty("primary").GetString()!));
    }

    private async Task<HttpClient> NewTenantAsync(string tenant)
    {
        await fixture.Platform.CreateTenantAsync(tenant);
        return await fixture.Platform.TenantAsync(tenant);
    }

    private static async Task<(long Id, string Token, string ServedBy)> CreateCustomerAsync(HttpClient tenant, string name)
    {
        var answer = await tenant.PostAsJsonAsync("/data/customers", new { first_name = name, last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "test@example.com" });
        await answer.RequireSuccessAsync();
        var row = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (row.GetProperty("customer_id").GetInt64(), answer.Headers.GetValues(TokenHeader).Single(), answer.Headers.GetValues(NodeHeader).Single());
    }

    private static async Task<(JsonElement Row, string ServedBy)> GetAsync(HttpClient tenant, long id, string? token, string entity = "customers")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/data/{entity}/{id}");
        if (token is not null) request.Headers.Add(TokenHeader, token);
        using var answer = await tenant.SendAsync(request);
        await answer.RequireSuccessAsync();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(), answer.Headers.GetValues(NodeHeader).Single());
    }
}
