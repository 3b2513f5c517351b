namespace Platform.SchemaService.Ddl;

/// <summary>One month of a divided table.</summary>
/// <param name="Name">The partition's name, <c>orders_p2025_12</c>.</param>
/// <param name="From">First value in it, as a literal.</param>
/// <param name="To">First value after it, as a literal.</param>
internal sealed record PartitionDesign(string Name, string From, string To);
