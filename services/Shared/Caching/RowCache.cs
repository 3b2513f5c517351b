using StackExchange.Redis;

namespace Platform.Caching;

/// <summary>
/// Two levels of single rows, tenant by tenant: this process's memory, then the shared store. The reader brings the log
/// position it must see; the filler brings the snapshot it read under, so that a slow read never brings an old row back.
/// An unreachable store costs time, never an answer.
/// </summary>
public sealed class RowCache(IConnectionMultiplexer store, MemoryRowsListener listener, CacheStatistics statistics)
{
    private static readonly string FillScript = Scripts.Read("fill.lua");

    private readonly MemoryRows _memory = listener.Rows;

    /// <summary>The cached row, if there is one that is not older than <paramref name="atLeast"/>; null means: read it from Postgres.</summary>
    /// <param name="key">The row.</param>
    /// <param name="source">The database that it is in: <c>cluster/database</c>.</param>
    /// <param name="atLeast">LSN of that database's log that the row must cover; 0 for any.</param>
    /// <param name="timeToLive">How long the entity's rows are kept.</param>
    public async ValueTask<CachedRow?> FindAsync(CacheKey key, string source, ulong atLeast, TimeSpan timeToLive)
    {
        // Read before the row: a row that is still there then has not changed up to this position.
        var (followed, generation) = (_memory.FollowedLsn(source), _memory.Generation);
        if (_memory.Find(key) is { } near && Math.Max(near.CoversLsn, followed) >= atLeast)
        {
            statistics.MemoryHit();
            return near;
        }

        if (await ReadSharedAsync(key) is { } row && Math.Max(row.CoversLsn, followed) >= atLeast)
        {
            _memory.Keep(key, row, timeToLive, generation);
            statistics.SharedHit();
            return row;
        }

        statistics.Miss();
        return null;
    }

    /// <summary>Keeps a row that was read from Postgres, unless a change that it may not contain was announced meanwhile.</summary>
    public async Task FillAsync(CacheKey key, string source, CachedRow row, TimeSpan timeToLive)
    {
        if (!store.IsConnected) return;
        var generation = _memory.Generation;
        try
        {
            var stored = (int)await store.GetDatabase().ScriptEvaluateAsync(
                FillScript,
                [key.ToString(), key.Mark, CacheLayout.HorizonOf(source), CacheLayout.Horizon],
                [row.Encode(), (long)timeToLive.TotalMilliseconds, (uint)row.SnapshotXmin, row.CoversLsn]);
            if (stored == 1) _memory.Keep(key, row, timeToLive, generation);
            else statistics.RefusedFill();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            listener.StoreFailed(exception.Message);
        }
    }

    private async Task<CachedRow?> ReadSharedAsync(CacheKey key)
    {
        if (!store.IsConnected) return null;
        try
        {
            return CachedRow.Decode(await store.GetDatabase().StringGetAsync(key.ToString()));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            listener.StoreFailed(exception.Message);
            return null;
        }
    }
}
