namespace Platform.Gateway.Routing;

/// <summary>How a data service's reads of single rows were answered since it started.</summary>
/// <param name="MemoryHits">From its memory.</param>
/// <param name="SharedHits">From the shared cache.</param>
/// <param name="Misses">From Postgres.</param>
/// <param name="RefusedFills">Rows read but not cached, since a change had overtaken them.</param>
public sealed record NodeCache(long MemoryHits, long SharedHits, long Misses, long RefusedFills);
