namespace Platform.CdcAnalytics.Analytics;

/// <summary>A tenant's rows and sum of one entity, for those who run the platform.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Entity">The entity.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Total">Sum of the measure.</param>
public sealed record TenantFigures(string Tenant, string Entity, long Rows, decimal Total);
