namespace Platform.CdcAnalytics.Verification;

/// <summary>Where the comparison of source and warehouse stands.</summary>
/// <param name="IsRunning">True while one is under way.</param>
/// <param name="Problem">Why the last one could not be made; null when it could.</param>
/// <param name="Last">What the last one that could be made has shown; null before the first.</param>
internal sealed record VerificationState(bool IsRunning, string? Problem, SourceReport? Last);
