using Confluent.Kafka;
using Platform.Changes;

namespace Platform.CacheService.Invalidation;

/// <summary>Marks whose offsets have not been read up to yet, and of each source the highest position that has.</summary>
internal sealed class PendingMarks
{
    private readonly Dictionary<string, Queue<PositionMark>> _marks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> _reached = new(StringComparer.Ordinal);

    /// <summary>By source: every change up to this position has been read. A source is missing before its first mark.</summary>
    public IReadOnlyDictionary<string, ulong> Reached => _reached;

    public void Add(PositionMark mark)
    {
        if (!_marks.TryGetValue(mark.Source, out var waiting)) waiting = _marks[mark.Source] = new();
        waiting.Enqueue(mark);
    }

    /// <summary>Notes how far has been read; returns the sources of which that reaches a further position.</summary>
    public IReadOnlyList<string> Advance(IReadOnlyDictionary<TopicPartition, long> next)
    {
        List<string> advanced = [];
        foreach (var (source, waiting) in _marks)
        {
            var before = _reached.GetValueOrDefault(source);
            var reached = before;
            while (waiting.TryPeek(out var mark) && mark.IsReached(next)) reached = Math.Max(reached, waiting.Dequeue().Lsn);
            if (reached == before) continue;
            _reached[source] = reached;
            advanced.Add(source);
        }

        return advanced;
    }
}
