namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>What identifies a row of an entity.</summary>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Key">Its key.</param>
internal readonly record struct RowKey(string Tenant, Cell Key);
