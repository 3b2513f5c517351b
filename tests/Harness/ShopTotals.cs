namespace Platform.Harness;

/// <summary>What must be in the warehouse for one tenant.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Customers">Its customers.</param>
/// <param name="Orders">Its orders.</param>
/// <param name="OrderLines">Its order lines.</param>
/// <param name="Revenue">Sum of its orders' totals.</param>
public sealed record ShopTotals(string Tenant, int Customers, int Orders, int OrderLines, decimal Revenue);
