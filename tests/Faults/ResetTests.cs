using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.Faults;

/// <summary>The command that deletes everything while the platform runs.</summary>
public sealed class ResetTests
{
    [Fact]
    public async Task After_a_reset_the_platform_is_as_new_and_healthy_on_the_same_addresses_and_passwords()
    {
        await using var platform = await RunningPlatform.StartAsync();
        var gateway = await platform.AddressAsync("gateway");
        await platform.CreateTenantAsync("forgotten");
        using (var tenant = await platform.TenantAsync("forgotten"))
        {
            var customer = new { first_name = "Ada", last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "a@example.com" };
            using var made = await tenant.PostAsJsonAsync("/data/customers", customer, TestContext.Current.CancellationToken);
            await made.RequireSuccessAsync();
        }

        var reset = await platform.ExecuteCommandAsync("postgres", "reset");
        Assert.True(reset.Success, reset.Message);
        await platform.WaitUntilHealthyAsync();
        Assert.Equal(gateway, await platform.AddressAsync("gateway"));
        using var @operator = await platform.OperatorAsync();
        Assert.Equal(0, (await @operator.GetFromJsonAsync<JsonElement>("/tenants", TestContext.Current.CancellationToken)).GetArrayLength());

        // Of a tenant by the same name nothing is left, neither in the database nor in the warehouse.
        await platform.CreateTenantAsync("forgotten");
        using var again = await platform.TenantAsync("forgotten");
        var rows = await again.GetFromJsonAsync<JsonElement>("/data/customers", TestContext.Current.CancellationToken);
        Assert.Equal(0, rows.GetProperty("items").GetArrayLength());
        var summary = await again.GetFromJsonAsync<JsonElement>("/analytics/customers/summary", TestContext.Current.CancellationToken);
        Assert.Equal(0, summary.GetProperty("rows").GetInt32());
        // Whatever was restarted was stopped and started, and crashed nowhere.
        Assert.All(await platform.ResourcesAsync(), resource => Assert.Equal(0, resource.Restarts));
    }
}
