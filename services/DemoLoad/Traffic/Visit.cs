using System.Text.Json;
using Platform.DemoLoad.Api;
using Platform.DemoLoad.Shops;

namespace Platform.DemoLoad.Traffic;

/// <summary>One visit to a shop: most people look around, some buy, and now and then it is the shop's own staff.</summary>
internal sealed class Visit(ApiSession tenant, Storefront shop, Random random, TimeProvider clock)
{
    private const double Buys = 0.12, ReadsSums = 0.08, ChangesPrice = 0.04, ChangesCustomer = 0.04, ReturnsOrder = 0.03;

    // People read before they click.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(150), LongestPause = TimeSpan.FromMilliseconds(1500);

    private static readonly string[] Genres = ["Blues", "Folk", "Jazz", "Pop", "Rock", "Soul"];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await tenant.GetAsync($"/data/products?genre=eq.{random.GetItems(Genres, 1)[0]}&order=name&limit=20", cancellationToken);
        List<Product> seen = [];
        for (var left = random.Next(1, 5); left > 0; left--) seen.Add(await LookAtAsync(PopularProduct(), cancellationToken));

        if (random.NextDouble() < Buys) await BuyAsync(seen, cancellationToken);
        if (random.NextDouble() < ReadsSums) await tenant.GetAsync("/analytics/orders/summary", cancellationToken);
        if (random.NextDouble() < ChangesPrice) await ChangePriceAsync(seen[0], cancellationToken);
        if (random.NextDouble() < ChangesCustomer) await ChangeCustomerAsync(cancellationToken);
        if (random.NextDouble() < ReturnsOrder) await ReturnOrderAsync(cancellationToken);
    }

    private async Task<Product> LookAtAsync(long product, CancellationToken cancellationToken)
    {
        await Task.Delay(ShortestPause + (random.NextDouble() * (LongestPause - ShortestPause)), clock, cancellationToken);
        return (await tenant.GetAsync($"/data/products/{product}", cancellationToken)).Deserialize<Product>(Shop.Json)!;
    }

    private async Task BuyAsync(List<Product> basket, CancellationToken cancellationToken)
    {
        var customer = shop.Customers[random.Next(shop.Customers.Count)];
        var order = await tenant.PostAsync(
            "/data/orders",
            new
            {
                customer.CustomerId,
                OrderedAt = clock.GetUtcNow().UtcDateTime,
                BillingAddress = customer.Address,
                BillingCity = customer.City,
                BillingState = customer.State,
                BillingCountry = customer.Country,
                BillingPostalCode = customer.PostalCode,
                Total = basket.Sum(product => product.UnitPrice),
            },
            cancellationToken);
        var id = order.GetProperty("order_id").GetInt64();
        foreach (var product in basket)
            await tenant.PostAsync("/data/order_lines", new { OrderId = id, product.ProductId, product.UnitPrice, Quantity = 1 }, cancellationToken);

        // The confirmation page: the order is there, whichever node answers.
        await tenant.GetAsync($"/data/orders/{id}", cancellationToken);
    }

    private async Task ChangePriceAsync(Product product, CancellationToken cancellationToken)
    {
        var price = Math.Max(0.49m, product.UnitPrice + (random.Next(2) == 0 ? -0.10m : 0.10m));
        await tenant.PatchAsync($"/data/products/{product.ProductId}", new { UnitPrice = price }, cancellationToken);
    }

    private async Task ChangeCustomerAsync(CancellationToken cancellationToken)
    {
        var customer = shop.Customers[random.Next(shop.Customers.Count)];
        await tenant.PatchAsync($"/data/customers/{customer.CustomerId}", new { Phone = $"+1 555 {random.Next(1_000_000, 9_999_999)}" }, cancellationToken);
    }

    private async Task ReturnOrderAsync(CancellationToken cancellationToken)
    {
        var orders = await tenant.GetAsync("/data/orders?order=-ordered_at&limit=20&select=order_id", cancellationToken);
        var items = orders.GetProperty("items");
        if (items.GetArrayLength() == 0) return;
        var id = items[random.Next(items.GetArrayLength())].GetProperty("order_id").GetInt64();
        var lines = await tenant.GetAsync($"/data/order_lines?order_id=eq.{id}&select=order_line_id", cancellationToken);
        foreach (var line in lines.GetProperty("items").EnumerateArray())
            await tenant.DeleteAsync($"/data/order_lines/{line.GetProperty("order_line_id").GetInt64()}", cancellationToken);
        await tenant.DeleteAsync($"/data/orders/{id}", cancellationToken);
    }

    private long PopularProduct() => shop.Products[(int)(Math.Pow(random.NextDouble(), 2) * shop.Products.Count)];
}
