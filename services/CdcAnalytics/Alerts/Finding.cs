namespace Platform.CdcAnalytics.Alerts;

/// <summary>What a look at a rule's series found for the platform or a tenant.</summary>
/// <param name="Tenant">The tenant; null for the platform.</param>
/// <param name="IsTrue">True when the rule's condition is.</param>
/// <param name="Value">The value; null when there is none.</param>
/// <param name="Summary">The same in a sentence.</param>
internal readonly record struct Finding(string? Tenant, bool IsTrue, double? Value, string Summary);
