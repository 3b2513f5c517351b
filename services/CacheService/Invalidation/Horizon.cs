using Platform.Caching;

namespace Platform.CacheService.Invalidation;

/// <summary>
/// Position in the log up to which marks of invalidations may have expired. It follows the applied position at half of a mark's
/// lifetime, so it is always behind marks that still stand.
/// </summary>
internal sealed class Horizon(TimeProvider clock)
{
    private static readonly TimeSpan Distance = CacheLayout.MarkLifetime / 2;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly Queue<(DateTimeOffset At, ulong Lsn)> _applied = new();
    private DateTimeOffset _last;

    /// <summary>Notes an applied position; returns the horizon when it has moved.</summary>
    public ulong? Advance(ulong lsn)
    {
        var now = clock.GetUtcNow();
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
