namespace Platform.Dashboard.Overview;

/// <summary>A Postgres node, as the gateway sees it.</summary>
public sealed record NodeReport(
    string Name, string Server, bool IsHealthy, bool IsPrimary, uint Timeline, ulong Lsn, string Position, double LagMilliseconds, long LagBytes,
    long Requests, CacheReads? Cache, string? Detail);

/// <summary>How a data service's reads of single rows were answered since it started.</summary>
public sealed record CacheReads(long MemoryHits, long SharedHits, long Misses, long RefusedFills);

/// <summary>Where the change pipeline stands: positions in the log, counts since its start, times in milliseconds.</summary>
public sealed record PipelineReport(
    string Captured, string Delivered, string Applied, long CapturedEvents, long AppliedEvents, int TransactionsUnderWay, double LagMilliseconds,
    double? LatencyP50, double? LatencyP99, string? Failure);

/// <summary>What has been taken out of the cache.</summary>
public sealed record InvalidationReport(long Invalidated, long Flushes, DateTimeOffset? AppliedAt, double LagMilliseconds);

/// <summary>A tenant's rows and sum of one entity in the warehouse.</summary>
public sealed record TenantFigures(string Tenant, string Entity, long Rows, decimal Total);

/// <summary>A tenant's sum of one entity on one day.</summary>
public sealed record TenantDay(string Tenant, string Entity, DateOnly Day, decimal Total);
