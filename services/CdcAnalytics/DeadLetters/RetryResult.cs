namespace Platform.CdcAnalytics.DeadLetters;

/// <summary>What came of trying a row's letters again.</summary>
/// <param name="Applied">Letters that are applied now.</param>
/// <param name="Remaining">Letters of the row that are still there.</param>
/// <param name="Reason">Why the first of them cannot be applied; null when none is left.</param>
internal sealed record RetryResult(int Applied, int Remaining, string? Reason);
