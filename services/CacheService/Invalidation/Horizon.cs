using Platform.Caching;

namespace Platform.CacheService.Invalidation;

/// <summary>
/// Position in a database's log up to which marks of invalidations may be gone: rows read at an earlier one are refused. It follows the applied
/// position at half of a mark's lifetime, so it is always behind marks that still stand; after the cache was emptied, and the marks with
/// it, it, and at the start, it is the next applied position itself.
/// </summary>
internal sealed class Horizon(TimeProvider clock)
{
    private static readonly TimeSpan Distance = CacheLayout.MarkLifetime / 2;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly Queue<(DateTimeOffset At, ulong Lsn)> _applied = new();
    private DateTimeOffset _last;
    private bool _isUnknown = true;

    /// <summary>Notes an applied position; returns the horizon when it has moved.</summary>
    public ulong? Advance(ulong lsn)
    {
        var now = clock.GetUtcNow();
        if (_isUnknown)
        {
            _isUnknown = false;
            return lsn;
        }

        if (now - _last >= Step)
        {
            _applied.Enqueue((now, lsn));
            _last = now;
        }

        ulong? horizon = null;
        while (_applied.TryPeek(out var oldest) && now - oldest.At > Distance) horizon = _applied.Dequeue().Lsn;
        return horizon;
    }
}
