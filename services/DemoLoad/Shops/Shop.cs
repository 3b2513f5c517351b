using System.Text.Json;

namespace Platform.DemoLoad.Shops;

/// <summary>A made-up shop with its past.</summary>
public sealed record Shop(
    ShopProfile Profile,
    IReadOnlyList<Customer> Customers,
    IReadOnlyList<Product> Products,
    IReadOnlyList<Order> Orders,
    IReadOnlyList<OrderLine> OrderLines)
{
    /// <summary>The API's names of columns.</summary>
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Each entity with its rows as NDJSON, after those it refers to.</summary>
    public IEnumerable<(string Entity, string Rows)> Files =>
    [
        ("customers", Lines(Customers)), ("products", Lines(Products)), ("orders", Lines(Orders)), ("order_lines", Lines(OrderLines)),
    ];

    private static string Lines<T>(IEnumerable<T> rows) => string.Concat(rows.Select(row => JsonSerializer.Serialize(row, Json) + "\n"));
}
