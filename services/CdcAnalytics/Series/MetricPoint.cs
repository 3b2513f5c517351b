namespace Platform.CdcAnalytics.Series;

/// <summary>A value of a series.</summary>
/// <param name="Series">What is measured, as <c>requests.errors</c>; dots divide its name.</param>
/// <param name="Tenant">Whose; null for the whole platform.</param>
/// <param name="Value">How much.</param>
public readonly record struct MetricPoint(string Series, string? Tenant, double Value);
