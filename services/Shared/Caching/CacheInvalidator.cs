using StackExchange.Redis;

namespace Platform.Caching;

/// <summary>Takes changed rows out of the cache, for every process that keeps some.</summary>
public sealed class CacheInvalidator(IConnectionMultiplexer store)
{
    private static readonly RedisChannel Channel = RedisChannel.Literal(CacheLayout.Invalidations);

    /// <summary>
    /// Marks, removes and announces the rows. When this returns, the shared store gives nobody an older one and no slow fill brings one back;
    /// the memories of processes follow when they hear of it.
    /// </summary>
    public async Task InvalidateAsync(IReadOnlyCollection<Invalidation> invalidations)
    {
        var database = store.GetDatabase();
        var pending = new List<Task>(invalidations.Count * 3);
        foreach (var invalidation in invalidations)
        {
            // One connection keeps the order: the mark stands before the entry is gone.
            pending.Add(database.StringSetAsync(invalidation.Key.Mark, invalidation.TransactionId, CacheLayout.MarkLifetime));
            pending.Add(database.KeyDeleteAsync(invalidation.Key.ToString()));
            pending.Add(database.PublishAsync(Channel, invalidation.ToString()));
        }

        await Task.WhenAll(pending);
    }

    /// <summary>Tells every process that all changes of a database up to this position have been invalidated: what is still cached is not older.</summary>
    /// <param name="source">The database: <c>cluster/database</c>.</param>
    /// <param name="lsn">The position in its log.</param>
    public Task AnnounceAsync(string source, ulong lsn) => store.GetDatabase().PublishAsync(Channel, $"@{lsn} {source}");

    /// <summary>Refuses from now on rows of a database that were read before this position: marks of changes up to it may have expired.</summary>
    public Task SetHorizonAsync(string source, ulong lsn) => store.GetDatabase().StringSetAsync(CacheLayout.HorizonOf(source), lsn);

    /// <summary>
    /// Empties the cache, since changes may have been missed, and refuses every row until a horizon is set: the marks went along.
    /// </summary>
    public async Task FlushAsync()
    {
        var database = store.GetDatabase();
        // Undivided, so that no fill comes between the two.
        var emptying = database.CreateTransaction();
        Task[] steps = [emptying.ExecuteAsync("FLUSHDB"), emptying.StringSetAsync(CacheLayout.Horizon, CacheLayout.UnknownHorizon)];
        await emptying.ExecuteAsync();
        await Task.WhenAll(steps);
        await database.PublishAsync(Channel, "*");
    }
}
