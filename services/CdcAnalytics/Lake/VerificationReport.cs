namespace Platform.CdcAnalytics.Lake;

/// <summary>What a recomputation from the lake showed.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="IsEqual">True when every table came out the same.</param>
/// <param name="Tables">The tables: of each entity the rows as they are now, the versions that have ended; and the rollups.</param>
internal sealed record VerificationReport(DateTimeOffset At, double Milliseconds, bool IsEqual, IReadOnlyList<TableComparison> Tables);

/// <summary>A table by the stream, and recomputed.</summary>
/// <param name="Table">The table.</param>
/// <param name="Streamed">Its rows.</param>
/// <param name="Recomputed">Its rows as they come out of the lake.</param>
/// <param name="IsEqual">True when they are the same rows.</param>
internal sealed record TableComparison(string Table, long Streamed, long Recomputed, bool IsEqual);
