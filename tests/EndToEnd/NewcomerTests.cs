using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>What somebody sees who clones the repository and types the first command.</summary>
public sealed class NewcomerTests
{
    [Fact]
    public async Task Up_alone_gives_three_tenants_with_data_and_traffic()
    {
        await using var platform = await RunningPlatform.StartProcessAsync(arguments: ["--quiet"]);
        using var operators = await platform.OperatorAsync();
        var tenants = (await operators.GetFromJsonAsync<JsonElement>("/tenants")).EnumerateArray().Select(tenant => tenant.GetProperty("id").GetString()!).ToList();
        Assert.Equal(["aurora", "bluebird", "cobalt"], tenants.Order(StringComparer.Ordinal));
        foreach (var id in tenants)
        {
            using var tenant = await platform.TenantAsync(id);
            var orders = await tenant.GetFromJsonAsync<JsonElement>("/data/orders?limit=1000&select=order_id");
            Assert.Equal(1000, orders.GetProperty("items").GetArrayLength());
        }

        using var aurora = await platform.TenantAsync("aurora");
        var before = await OrdersAsync(aurora);
        await Eventually.HoldsAsync(
            async () =>
            {
                var now = await OrdersAsync(aurora);
                return (now > before, $"{before} orders before, {now} now");
            },
            TimeSpan.FromMinutes(2),
            TestContext.Current.CancellationToken);
        Assert.Contains("Dashboard: http://localhost:", platform.Output, StringComparison.Ordinal);
    }

    private static async Task<long> OrdersAsync(HttpClient tenant) =>
        (await tenant.GetFromJsonAsync<JsonElement>("/analytics/orders/summary")).GetProperty("rows").GetInt64();
}
