namespace Platform.CdcAnalytics.Pipeline;

/// <summary>Where the changes of one source stand; the counts of applied events, their bytes and latencies are of all sources.</summary>
/// <param name="CapturedLsn">Last commit read from the log.</param>
/// <param name="DeliveredLsn">The broker has everything up to here.</param>
/// <param name="AppliedLsn">The warehouse has everything up to here.</param>
/// <param name="CapturedEvents">Change events sent since the start.</param>
/// <param name="AppliedEvents">Change events committed to the warehouse since the start.</param>
/// <param name="TransactionsUnderWay">Transactions read from the log that the warehouse does not have completely.</param>
/// <param name="LagMilliseconds">Age of the oldest of them; 0 when there is none.</param>
/// <param name="UnappliedBytes">Bytes of events sent since the start that the warehouse has not committed.</param>
/// <param name="LatencyP50">Median of commit to warehouse over the last thousand transactions, in ms; null before the first.</param>
/// <param name="LatencyP99">99th percentile of the same.</param>
/// <param name="Failure">Why the pipeline is beginning again, or null.</param>
public sealed record PipelineReport(
    ulong CapturedLsn,
    ulong DeliveredLsn,
    ulong AppliedLsn,
    long CapturedEvents,
    long AppliedEvents,
    int TransactionsUnderWay,
    double LagMilliseconds,
    long UnappliedBytes,
    double? LatencyP50,
    double? LatencyP99,
    string? Failure);
