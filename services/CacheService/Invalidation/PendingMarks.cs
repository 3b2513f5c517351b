using Confluent.Kafka;
using Platform.Changes;

namespace Platform.CacheService.Invalidation;

/// <summary>Marks whose offsets have not been read up to yet, and the highest position that has.</summary>
internal sealed class PendingMarks
{
    private readonly Queue<PositionMark> _marks = new();

    /// <summary>Every change up to this position has been read; 0 before the first mark.</summary>
    public ulong ReachedLsn { get; private set; }

    public void Add(PositionMark mark) => _marks.Enqueue(mark);

    /// <summary>Notes how far has been read; true when that reaches a further position.</summary>
    public bool Advance(IReadOnlyDictionary<TopicPartition, long> next)
    {
        var before = ReachedLsn;
        while (_marks.TryPeek(out var mark) && mark.IsReached(next)) ReachedLsn = Math.Max(ReachedLsn, _marks.Dequeue().Lsn);
        return ReachedLsn > before;
    }
}
