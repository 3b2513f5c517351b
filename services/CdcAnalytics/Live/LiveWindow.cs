namespace Platform.CdcAnalytics.Live;

/// <summary>A metric over a span of event time, as far as it is known.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Tenant">The tenant; null for all of them.</param>
/// <param name="Start">Where the span begins; included.</param>
/// <param name="End">Where it ends; not included.</param>
/// <param name="IsFinal">True when nothing more is waited for.</param>
/// <param name="Count">Requests or changes; for an entity, rows that came less rows that went.</param>
/// <param name="Amount">For an entity, by how much the sum of its measure moved.</param>
/// <param name="Errors">Requests that failed in the platform (status 500 and above).</param>
/// <param name="P95">95th percentile of the requests' durations in milliseconds.</param>
/// <param name="Late">Events of this metric and tenant that came after windows of theirs had closed, since the start.</param>
public sealed record LiveWindow(
    string Metric, string? Tenant, DateTimeOffset Start, DateTimeOffset End, bool IsFinal, double Count, decimal Amount, double Errors, double? P95, long Late);
