namespace Platform.DemoLoad.Shops;

/// <summary>A line of an order, as <c>contracts/order_lines.odcs.yaml</c> describes one.</summary>
public sealed record OrderLine(long OrderLineId, long OrderId, long ProductId, decimal UnitPrice, long Quantity);
