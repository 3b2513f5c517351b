namespace Platform.DemoLoad.Shops;

/// <summary>A product, as <c>contracts/products.odcs.yaml</c> describes one.</summary>
public sealed record Product(
    long ProductId,
    string Name,
    string Artist,
    string Album,
    string Genre,
    string MediaType,
    string? Composer,
    long Milliseconds,
    long Bytes,
    decimal UnitPrice);
