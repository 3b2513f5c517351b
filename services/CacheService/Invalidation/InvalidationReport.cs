namespace Platform.CacheService.Invalidation;

/// <summary>What has been taken out of the cache.</summary>
/// <param name="Invalidated">Rows taken out since the start.</param>
/// <param name="Flushes">Times that the whole cache was emptied, because changes may have been missed.</param>
/// <param name="AppliedAt">When the last change was applied; null before the first.</param>
/// <param name="LagMilliseconds">Time between the last change's commit and its application.</param>
public sealed record InvalidationReport(long Invalidated, long Flushes, DateTimeOffset? AppliedAt, double LagMilliseconds);
