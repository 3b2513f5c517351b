using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>The dashboard in a real browser.</summary>
public sealed class DashboardTests(PlatformFixture fixture) : IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private Browser _browser = null!;

    public async ValueTask InitializeAsync() => _browser = await Browser.StartAsync();

    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public async Task Overview_shows_each_tenants_orders_and_revenue_and_follows_a_new_order_by_itself()
    {
        var page = await OpenAsync("/");
        foreach (var expected in fixture.Shop.Totals.Where(totals => totals.Tenant != "margaret"))
        {
            await ExpectAsync(page.Locator($"[data-tenant={expected.Tenant}] [data-figure=orders]"), Count(expected.Orders));
            await ExpectAsync(page.Locator($"[data-tenant={expected.Tenant}] [data-figure=revenue]"), expected.Revenue.ToString("N2", CultureInfo.InvariantCulture));
        }

        const string shop = "dashboard-shop";
        await fixture.Platform.CreateTenantAsync(shop);
        var orders = page.Locator($"[data-tenant={shop}] [data-figure=orders]");
        await ExpectAsync(orders, "0");
        using var tenant = await fixture.Platform.TenantAsync(shop);
        await CreateOrderAsync(tenant, 12.34m);
        await ExpectAsync(orders, "1");
        await ExpectAsync(page.Locator($"[data-tenant={shop}] [data-figure=revenue]"), "12.34");
        await SaveAsync(page, "overview");
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Overview_shows_the_health_of_every_service_and_the_position_of_every_node()
    {
        var page = await OpenAsync("/");
        string[] services = ["gateway", "schema", "data", "data-replica-1", "data-replica-2", "cdc", "cache-service"];
        foreach (var service in services) await ExpectAsync(page.Locator($"[data-service={service}] [data-figure=health]"), "healthy");
        await ExpectAsync(page.Locator("[data-figure=services]"), $"{services.Length} / {services.Length}");
        foreach (var node in new[] { "postgres", "postgres-replica-1", "postgres-replica-2", "capture", "kafka", "warehouse" })
            await Assertions.Expect(page.Locator($"[data-station={node}] .position")).ToHaveTextAsync(new Regex("^[0-9A-F]+/[1-9A-F][0-9A-F]*$"));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task A_service_leads_to_its_logs_and_traces_in_Aspires_dashboard()
    {
        var page = await OpenAsync("/");
        var logs = page.Locator("[data-service=gateway]").GetByText("Logs");
        await Assertions.Expect(logs).ToHaveAttributeAsync("href", new Regex("^http://localhost:[0-9]+/consolelogs/resource/gateway$"));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Live_follows_a_tenants_requests_and_revenue_and_shows_what_fires_by_itself()
    {
        var page = await OpenAsync("/");
        await page.GetByRole(AriaRole.Navigation).GetByText("Live").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Live");
        const string shop = "followed-shop";
        await fixture.Platform.CreateTenantAsync(shop);
        using var tenant = await fixture.Platform.TenantAsync(shop);
        await CreateOrderAsync(tenant, 43.21m);
        var row = page.Locator($"[data-panel=live-tenants] [data-tenant={shop}]");
        await ExpectAsync(row.Locator("[data-figure=revenue]"), "43.21");
        await Assertions.Expect(row.Locator("[data-figure=requests]")).Not.ToHaveTextAsync("0.0");
        await Assertions.Expect(row.Locator("[data-figure=p95]")).ToHaveTextAsync(new Regex("^[0-9.]+ m?s$"));
        await ExpectAsync(page.Locator($"[data-alert='{PlatformFixture.OrderRule}/{shop}'] [data-figure=state]"), "firing");
        await Assertions.Expect(page.Locator("[data-figure=firing]")).Not.ToHaveTextAsync("0");
        await SaveAsync(page, "live");
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Pages_can_be_used_by_everybody()
    {
        foreach (var path in new[] { "/", "/live" })
        {
            var page = await OpenAsync(path);
            await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
            var found = await page.RunAxe();
            Assert.Empty(found.Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation => $"{path}: {violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
        }
    }

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static Task ExpectAsync(ILocator figure, string text) => Assertions.Expect(figure).ToHaveTextAsync(text);

    private static async Task CreateOrderAsync(HttpClient tenant, decimal total)
    {
        var customer = await tenant.PostAsJsonAsync("/data/customers", new
        {
            first_name = "Ada", last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "ada@example.com",
        });
        await customer.RequireSuccessAsync();
        var id = (await customer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("customer_id").GetInt64();
        var order = await tenant.PostAsJsonAsync("/data/orders", new
        {
            customer_id = id, ordered_at = DateTime.Parse("2025-06-01T10:00:00Z", CultureInfo.InvariantCulture).ToUniversalTime(),
            billing_address = "1 Test Street", billing_city = "Oslo", billing_country = "Norway", total,
        });
        await order.RequireSuccessAsync();
    }

    private static Task SaveAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"{name}.png"), FullPage = true });

    private async Task<IPage> OpenAsync(string path)
    {
        var page = await _browser.OpenAsync(new Uri(await fixture.Platform.AddressAsync("dashboard"), path), _complaints);
        await Assertions.Expect(page.Locator("main[data-interactive]")).ToBeVisibleAsync();
        return page;
    }
}
