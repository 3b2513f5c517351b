using System.Text.Json;
using Platform.DemoLoad.Api;
using Platform.DemoLoad.Shops;

namespace Platform.DemoLoad.Traffic;

/// <summary>What visitors of a shop know before they come: who its customers are and what it sells.</summary>
/// <param name="Profile">The shop.</param>
/// <param name="Customers">Its customers.</param>
/// <param name="Products">Its products, the most popular first. Prices are read anew at each visit.</param>
internal sealed record Storefront(ShopProfile Profile, IReadOnlyList<Customer> Customers, IReadOnlyList<long> Products)
{
    public static async Task<Storefront> ReadAsync(PlatformApi api, ShopProfile profile, CancellationToken cancellationToken)
    {
        using var tenant = await api.TenantAsync(profile.Tenant, cancellationToken);
        var customers = await ReadAsync<Customer>(tenant, "/data/customers?limit=1000", cancellationToken);
        var products = await ReadAsync<Product>(tenant, "/data/products?limit=1000", cancellationToken);
        return new(profile, customers, [.. products.Select(product => product.ProductId).Order()]);
    }

    private static async Task<List<T>> ReadAsync<T>(ApiSession tenant, string path, CancellationToken cancellationToken) =>
        (await tenant.GetAsync(path, cancellationToken)).GetProperty("items").Deserialize<List<T>>(Shop.Json)!;
}
