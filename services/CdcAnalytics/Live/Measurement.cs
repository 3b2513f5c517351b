namespace Platform.CdcAnalytics.Live;

/// <summary>What one event adds to a metric.</summary>
/// <param name="Metric">The metric: <c>requests</c>, <c>changes</c>, or an entity whose contract names a measure.</param>
/// <param name="Tenant">Whose event it is; null for nobody's.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Count">How much it counts; negative for a row that goes.</param>
/// <param name="Amount">What it adds to the measure: the value after the change less the one before it.</param>
/// <param name="Errors">How much it counts among the failures.</param>
/// <param name="Duration">Its duration in milliseconds, or null when that says nothing.</param>
internal readonly record struct Measurement(
    string Metric, string? Tenant, DateTimeOffset Time, double Count, decimal Amount = 0, double Errors = 0, double? Duration = null);
