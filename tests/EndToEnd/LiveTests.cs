using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>A tenant follows its own metrics through the gateway while they move.</summary>
public sealed class LiveTests(PlatformFixture fixture)
{
    private const string Shop = "live-shop", Neighbour = "live-neighbour";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_sees_its_order_its_correction_and_its_requests_as_they_come_and_nothing_of_its_neighbours()
    {
        await fixture.Platform.CreateTenantAsync(Shop);
        await fixture.Platform.CreateTenantAsync(Neighbour);
        using var tenant = await fixture.Platform.TenantAsync(Shop);
        using var neighbour = await fixture.Platform.TenantAsync(Neighbour);
        var orders = FollowAsync(tenant, "orders", window => window.GetProperty("amount").GetDecimal() == 12.50m && window.GetProperty("count").GetDouble() == 1);
        var requests = FollowAsync(tenant, "requests", window => window.GetProperty("count").GetDouble() >= 3 && window.GetProperty("p95").ValueKind == JsonValueKind.Number);
        await CreateOrderAsync(neighbour, 99.99m);
        var order = await CreateOrderAsync(tenant, 10.00m);
        using var corrected = await tenant.PatchAsJsonAsync($"/data/orders/{order}", new { total = 12.50m }, Cancellation);
        await corrected.RequireSuccessAsync();
        Assert.Equal(Shop, (await orders).GetProperty("tenant").GetString());
        Assert.Equal(0, (await requests).GetProperty("errors").GetDouble());

        var closed = await FollowAsync(
            tenant, "requests", window => window.GetProperty("isFinal").GetBoolean(), window: "10s&kind=tumbling");
        Assert.Equal(TimeSpan.FromSeconds(10), closed.GetProperty("end").GetDateTimeOffset() - closed.GetProperty("start").GetDateTimeOffset());

        Assert.Equal(HttpStatusCode.NotFound, (await tenant.GetAsync("/live/nothing", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await tenant.GetAsync("/live/orders?window=7s", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await tenant.GetAsync("/live/orders?kind=session", Cancellation)).StatusCode);
        using var @operator = await fixture.Platform.OperatorAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await @operator.GetAsync("/live/orders", Cancellation)).StatusCode);
    }

    /// <summary>Follows a metric, by default its five minutes, until a window is as expected.</summary>
    private static async Task<JsonElement> FollowAsync(HttpClient client, string metric, Func<JsonElement, bool> isExpected, string window = "5m")
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        await using var stream = await client.GetStreamAsync($"/live/{metric}?window={window}", patience.Token);
        var last = "nothing";
        try
        {
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(patience.Token))
            {
                last = item.Data;
                var seen = JsonSerializer.Deserialize<JsonElement>(last);
                if (isExpected(seen)) return seen;
            }
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            // Told below, with what was seen.
        }

        throw new TimeoutException($"{metric} did not become what it should. Last seen: {last}");
    }

    private static async Task<long> CreateOrderAsync(HttpClient tenant, decimal total)
    {
        using var customer = await tenant.PostAsJsonAsync("/data/customers", new
        {
            first_name = "Ada", last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "ada@example.com",
        }, Cancellation);
        await customer.RequireSuccessAsync();
        var id = (await customer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("customer_id").GetInt64();
        using var order = await tenant.PostAsJsonAsync("/data/orders", new
        {
            customer_id = id, ordered_at = "2025-06-01T10:00:00Z", billing_address = "1 Test Street", billing_city = "Oslo", billing_country = "Norway", total,
        }, Cancellation);
        await order.RequireSuccessAsync();
        return (await order.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("order_id").GetInt64();
    }
}
