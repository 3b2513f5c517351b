namespace Platform.CdcAnalytics.Live;

/// <summary>Every tenant's metrics over one length, for those who run the platform.</summary>
/// <param name="At">When they were read.</param>
/// <param name="Watermark">Up to when events are complete.</param>
/// <param name="Late">Events that came after windows of theirs had closed, since the start.</param>
/// <param name="Seconds">Length of the windows.</param>
/// <param name="Windows">A sliding window for each metric and tenant, and for all tenants together.</param>
public sealed record LiveFigures(DateTimeOffset At, DateTimeOffset Watermark, long Late, double Seconds, IReadOnlyList<LiveWindow> Windows);
