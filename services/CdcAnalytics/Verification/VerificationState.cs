namespace Platform.CdcAnalytics.Verification;

/// <summary>Where the comparison of the sources with the warehouse stands.</summary>
/// <param name="IsRunning">True while one is under way.</param>
/// <param name="Last">What the last one has shown; null before the first.</param>
internal sealed record VerificationState(bool IsRunning, ComparisonReport? Last);
