namespace Platform.CdcAnalytics.Analytics;

/// <summary>A tenant's sum of one entity's measure on one day, for those who run the platform.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Entity">The entity.</param>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Total">Sum of the measure, in the API's units.</param>
public sealed record TenantDay(string Tenant, string Entity, DateOnly Day, decimal Total);
