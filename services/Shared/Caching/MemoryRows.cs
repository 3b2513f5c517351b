using System.Collections.Frozen;
using Microsoft.Extensions.Caching.Memory;
using Platform.Replication;

namespace Platform.Caching;

/// <summary>
/// The first level: rows in this process's memory, and the changes announced lately. Fills and invalidations take turns: a fill sees every
/// mark before it, an invalidation every row, and no reader sees what is between.
/// </summary>
internal sealed class MemoryRows(TimeProvider clock) : IDisposable
{
    private const long SizeLimitBytes = 32 << 20;
    private const long OverheadBytes = 200;

    // A row that nobody announces a change of is read anew from the shared store after this, should an announcement ever be lost.
    private static readonly TimeSpan LongestStay = TimeSpan.FromSeconds(30);

    private readonly MemoryCache _rows = new(new MemoryCacheOptions { SizeLimit = SizeLimitBytes });
    private readonly MemoryCache _marks = new(new MemoryCacheOptions());
    private readonly Lock _turn = new();
    private int _listening;
    private FrozenDictionary<string, ulong> _followed = FrozenDictionary<string, ulong>.Empty;
    private int _generation;

    /// <summary>False while announcements may be missed: then nothing is served or kept here.</summary>
    public bool Listening
    {
        get => Volatile.Read(ref _listening) == 1;
        set
        {
            lock (_turn)
            {
                Volatile.Write(ref _listening, value ? 1 : 0);
                if (!value) Clear();
            }
        }
    }

    /// <summary>
    /// Position up to which every change of a database has been taken out of both levels: what is found in one of them after this was read has not
    /// changed up to there. 0 while that is not known.
    /// </summary>
    public ulong FollowedLsn(string source) => Listening ? Volatile.Read(ref _followed).GetValueOrDefault(source) : 0;

    /// <summary>Grows whenever everything was dropped. A row that was on its way then belongs to what was dropped.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public void Followed(string source, ulong lsn)
    {
        // Readers see one dictionary, swapped whole; there are few databases.
        lock (_turn) Volatile.Write(ref _followed, new Dictionary<string, ulong>(_followed) { [source] = lsn }.ToFrozenDictionary(StringComparer.Ordinal));
    }

    public CachedRow? Find(CacheKey key) => Listening ? _rows.Get<CachedRow>(key) : null;

    /// <param name="key">The row's key.</param>
    /// <param name="row">The row.</param>
    /// <param name="timeToLive">How long its entity's rows are kept.</param>
    /// <param name="generation"><see cref="Generation"/> before the row was asked for or stored elsewhere.</param>
    public void Keep(CacheKey key, CachedRow row, TimeSpan timeToLive, int generation)
    {
        lock (_turn)
        {
            if (!Listening || generation != _generation || (_marks.TryGetValue(key, out uint changedBy) && !TransactionAge.IsSurelyVisible(changedBy, row.SnapshotXmin))) return;
            _rows.Set(key, row, new MemoryCacheEntryOptions
            {
                Size = row.Body.Length + OverheadBytes,
                AbsoluteExpiration = clock.GetUtcNow() + (timeToLive < LongestStay ? timeToLive : LongestStay),
            });
        }
    }

    public void Invalidate(CacheKey key, uint transactionId)
    {
        lock (_turn)
        {
            _marks.Set(key, transactionId, CacheLayout.MarkLifetime);
            _rows.Remove(key);
        }
    }

    public void Clear()
    {
        lock (_turn)
        {
            _generation++;
            Volatile.Write(ref _followed, FrozenDictionary<string, ulong>.Empty);
            _rows.Clear();
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _marks.Dispose();
    }
}
