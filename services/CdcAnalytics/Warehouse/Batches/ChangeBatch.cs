using Confluent.Kafka;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse.Batches;

/// <summary>
/// Events read together, ready to be applied together; repetitions are left out. Used again batch after batch: it remembers how far each
/// partition has come. Not thread-safe.
/// </summary>
internal sealed class ChangeBatch
{
    private readonly HeldRows _held;
    private readonly Dictionary<string, EntityBatch> _entities;
    private readonly Dictionary<TopicPartition, PartitionState> _known;
    private readonly Dictionary<TopicPartition, PartitionState> _partitions = [];
    private readonly HashSet<string> _sources = new(StringComparer.Ordinal);

    /// <param name="contracts">The entities.</param>
    /// <param name="before">How far each partition has been applied.</param>
    /// <param name="truncated">Where each truncated entity was last emptied, by source.</param>
    /// <param name="held">The rows of which an event is parked.</param>
    public ChangeBatch(
        ContractSet contracts, IReadOnlyDictionary<TopicPartition, PartitionState> before, IReadOnlyDictionary<(string Entity, string Source), LogPosition> truncated, HeldRows held)
    {
        _held = held;
        _known = before.ToDictionary();
        _entities = contracts.Entities.ToDictionary(entity => entity.Name, entity => new EntityBatch(entity), StringComparer.Ordinal);
        foreach (var (place, position) in truncated)
        {
            if (_entities.TryGetValue(place.Entity, out var entity)) entity.Truncated[place.Source] = position;
        }
    }

    /// <summary>Events read, repetitions and tombstones included.</summary>
    public int Read { get; private set; }

    /// <summary>Bytes of their keys and values.</summary>
    public long Bytes { get; private set; }

    /// <summary>Events that are new.</summary>
    public int Applied { get; private set; }

    /// <summary>The sources that changes have come from, in this batch or one before it.</summary>
    public IReadOnlySet<string> Sources => _sources;

    /// <summary>The partitions read, and how far.</summary>
    public IReadOnlyDictionary<TopicPartition, PartitionState> Partitions => _partitions;

    /// <summary>The changes, by entity.</summary>
    public IEnumerable<EntityBatch> Entities => _entities.Values;

    /// <summary>Events that are not applied but kept.</summary>
    public List<DeadLetter> Parked { get; } = [];

    /// <summary>Numbers of the dead letters that are none any more.</summary>
    public List<long> Released { get; } = [];

    /// <summary>
    /// Adds an event. One that cannot be read is parked, and so is what follows for its row; all others go on.
    /// </summary>
    /// <param name="event">The event.</param>
    /// <param name="now">The present time, in UTC.</param>
    public void Add(ChangeEvent @event, DateTime now)
    {
        var at = @event.At;
        Read++;
        Bytes += (@event.Key?.Length ?? 0) + (@event.Value?.Length ?? 0);
        if (@event.Error is { } error)
        {
            if (!Pass(at, error.ChangeSource, error.Position, isSnapshot: error.Position is not { Ordinal: > 0 })) return;
            Park(@event, error.Message, isHeldBack: false, error.Position, now);
            _held.Hold(Parked[^1].Row);
            return;
        }

        if (@event.Header is not { } change)
        {
            StateOf(at.TopicPartition).NextOffset = at.Offset.Value + 1;
            return;
        }

        if (!Pass(at, change.Source, change.Position, change.IsSnapshot)) return;
        if (_held.Holds(at.Topic, @event.Key))
        {
            Park(@event, "An earlier event of the same row is parked.", isHeldBack: true, change.Position, now);
            return;
        }

        Applied++;
        Add(@event.Entity, change, @event.Values);
    }

    /// <summary>Adds a dead letter that can be read now and is none any more with this batch.</summary>
    public void Retry(DeadLetter letter, ChangeEvent @event)
    {
        Add(@event.Entity, @event.Header!.Value, @event.Values);
        Released.Add(letter.Id);
    }

    /// <summary>The batch is committed: what comes next begins another one.</summary>
    public void Clear()
    {
        foreach (var entity in _entities.Values) entity.Clear();
        _partitions.Clear();
        Parked.Clear();
        Released.Clear();
        (Read, Bytes, Applied) = (0, 0, 0);
    }

    private void Add(EntityContract entity, in ChangeHeader change, Cell[] values)
    {
        _sources.Add(change.Source);
        _entities[entity.Name].Add(change, values);
    }

    private void Park(ChangeEvent @event, string reason, bool isHeldBack, LogPosition? position, DateTime now) => Parked.Add(new(
        0, @event.Entity.Name, @event.At.Topic, @event.At.Partition.Value, @event.At.Offset.Value, @event.Key, @event.Value!, reason, isHeldBack, position, now));

    // Changes of a source come in its log's order, so what is not later is a repetition. Rows of a snapshot have no place in that order.
    private bool Pass(TopicPartitionOffset at, string? source, LogPosition? position, bool isSnapshot)
    {
        var state = StateOf(at.TopicPartition);
        state.NextOffset = at.Offset.Value + 1;
        if (isSnapshot) return true;
        if (position <= state.Applied.GetValueOrDefault(source!)) return false;
        state.Applied[source!] = position!.Value;
        return true;
    }

    private PartitionState StateOf(TopicPartition partition)
    {
        if (_partitions.TryGetValue(partition, out var state)) return state;
        if (!_known.TryGetValue(partition, out state)) state = _known[partition] = new(nextOffset: 0);
        return _partitions[partition] = state;
    }
}
