using System.Diagnostics.Metrics;

namespace Platform.Caching;

/// <summary>How the reads of one process were answered.</summary>
public sealed class CacheStatistics : IDisposable
{
    private readonly Meter _meter = new("Platform.Caching");
    private readonly Counter<long> _reads;
    private long _memoryHits, _sharedHits, _misses, _refusedFills;

    /// <summary>Makes the counters, published as <c>platform.cache.reads</c> by result.</summary>
    public CacheStatistics() => _reads = _meter.CreateCounter<long>("platform.cache.reads", description: "Reads of single rows by result.");

    /// <summary>Reads answered from this process's memory.</summary>
    public long MemoryHits => Interlocked.Read(ref _memoryHits);

    /// <summary>Reads answered from the shared store.</summary>
    public long SharedHits => Interlocked.Read(ref _sharedHits);

    /// <summary>Reads that went to Postgres.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Rows not stored, because a change they may not contain had been announced before.</summary>
    public long RefusedFills => Interlocked.Read(ref _refusedFills);

    internal void MemoryHit() => Count(ref _memoryHits, "memory");

    internal void SharedHit() => Count(ref _sharedHits, "shared");

    internal void Miss() => Count(ref _misses, "miss");

    internal void RefusedFill() => Interlocked.Increment(ref _refusedFills);

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private void Count(ref long counter, string result)
    {
        Interlocked.Increment(ref counter);
        _reads.Add(1, new KeyValuePair<string, object?>("result", result));
    }
}
