using Confluent.Kafka;
using Platform.Changes;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>Completed snapshots that were told of, until the warehouse has all of their rows. Not thread-safe.</summary>
/// <param name="from">Where reading began.</param>
internal sealed class Reconciliation(IEnumerable<TopicPartitionOffset> from)
{
    private readonly Dictionary<TopicPartition, long> _next = from.ToDictionary(partition => partition.TopicPartition, partition => partition.Offset.Value);
    private readonly Queue<(TopicPartitionOffset At, SnapshotMark Mark)> _waiting = new();

    /// <summary>A snapshot was told of.</summary>
    public void Add(TopicPartitionOffset at, SnapshotMark mark) => _waiting.Enqueue((at, mark));

    /// <summary>The next offset to be applied of a partition.</summary>
    public long NextOf(TopicPartition partition) => _next.GetValueOrDefault(partition);

    /// <summary>Nothing is left to read before a partition's end.</summary>
    public void Ended(TopicPartitionOffset end) => _next[end.TopicPartition] = end.Offset.Value;

    /// <summary>Those of which everything has been applied, in the order in which they were told.</summary>
    /// <param name="applied">How far partitions have been applied since the last time.</param>
    public IEnumerable<(TopicPartitionOffset At, SnapshotMark Mark)> Reached(IReadOnlyDictionary<TopicPartition, PartitionState> applied)
    {
        foreach (var (partition, state) in applied) _next[partition] = state.NextOffset;
        while (_waiting.TryPeek(out var first) && IsReached(first.Mark)) yield return _waiting.Dequeue();
    }

    private bool IsReached(SnapshotMark mark)
    {
        var topic = ChangeTopics.NameOf(mark.Schema, mark.Table);
        return mark.Ends.All(end => _next.GetValueOrDefault(new TopicPartition(topic, end.Key)) >= end.Value);
    }
}
