namespace Platform.Dashboard.Overview;

/// <summary>A Postgres node, as the gateway sees it.</summary>
public sealed record NodeReport(
    string Name, string Server, bool IsHealthy, bool IsPrimary, uint Timeline, ulong Lsn, string Position, double LagMilliseconds, long LagBytes,
    long Requests, CacheReads? Cache, string? Detail);

/// <summary>How a data service's reads of single rows were answered since it started.</summary>
public sealed record CacheReads(long MemoryHits, long SharedHits, long Misses, long RefusedFills);

/// <summary>Where the change pipeline stands: positions in the default source's log, counts since its start, times in milliseconds; and each source.</summary>
public sealed record PipelineReport(
    string Captured, string Delivered, string Applied, long CapturedEvents, long AppliedEvents, int TransactionsUnderWay, double LagMilliseconds,
    double? LatencyP50, double? LatencyP99, string? Failure, IReadOnlyList<SourceState>? Sources = null);

/// <summary>A database whose changes are captured; the first of them is the default one.</summary>
public sealed record SourceState(string Cluster, string Database, string Activity, string? Trouble, string Captured, double LagMilliseconds, long Events)
{
    /// <summary>What people call it.</summary>
    public string Name => $"{Cluster}/{Database}";
}

/// <summary>What has been taken out of the cache.</summary>
public sealed record InvalidationReport(long Invalidated, long Flushes, DateTimeOffset? AppliedAt, double LagMilliseconds);

/// <summary>A tenant's rows and sum of one entity in the warehouse.</summary>
public sealed record TenantFigures(string Tenant, string Entity, long Rows, decimal Total);

/// <summary>A tenant's sum of one entity on one day.</summary>
public sealed record TenantDay(string Tenant, string Entity, DateOnly Day, decimal Total);
