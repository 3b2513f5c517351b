namespace Platform.CdcAnalytics.Analytics;

/// <summary>An entity of one tenant, summed up.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Total">Sum of the contract's measure, in the API's units; null when the contract names none.</param>
/// <param name="First">Earliest value of the contract's time column.</param>
/// <param name="Last">Latest value of it.</param>
public sealed record EntitySummary(string Entity, long Rows, decimal? Total, DateTime? First, DateTime? Last);
