namespace Platform.DemoLoad.Shops;

/// <summary>An order, as <c>contracts/orders.odcs.yaml</c> describes one.</summary>
public sealed record Order(
    long OrderId,
    long CustomerId,
    DateTime OrderedAt,
    string BillingAddress,
    string BillingCity,
    string? BillingState,
    string BillingCountry,
    string? BillingPostalCode,
    decimal Total);
