namespace Platform.CdcAnalytics.Lake;

/// <summary>A rebuild of the warehouse from the lake.</summary>
/// <param name="BeganAt">When it was ordered.</param>
/// <param name="EndedAt">When it ended; null while it is under way.</param>
/// <param name="Files">The files that it reads.</param>
/// <param name="Rows">The changes that it has applied so far.</param>
/// <param name="Failure">Why it did not succeed; null otherwise. Unless it has ended, it is tried again, and the warehouse is incomplete until then.</param>
internal sealed record RebuildReport(DateTimeOffset BeganAt, DateTimeOffset? EndedAt, int Files, long Rows, string? Failure);
