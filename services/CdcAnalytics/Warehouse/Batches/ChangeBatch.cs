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
    /// Adds a message. One that is no event that can be applied is parked, and so is what follows for its row; all others go on.
    /// </summary>
    /// <param name="at">Where it stood.</param>
    /// <param name="entity">The entity of its topic.</param>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its value; null for a tombstone, which says again what the deletion before it said.</param>
    /// <param name="now">The present time, in UTC.</param>
    public void Add(TopicPartitionOffset at, EntityContract entity, byte[]? key, byte[]? value, DateTime now)
    {
        Read++;
        Bytes += (key?.Length ?? 0) + (value?.Length ?? 0);
        var changes = _entities[entity.Name];
        ChangeHeader? header = null;
        try
        {
            if (value is not null) header = changes.Reader.Read(value, changes.Next());
        }
        catch (EnvelopeException exception)
        {
            if (!Pass(at, exception.ChangeSource, exception.Position, isSnapshot: exception.Position is not { Ordinal: > 0 })) return;
            Parked.Add(new(0, entity.Name, at.Topic, at.Partition.Value, at.Offset.Value, key, value!, exception.Message, IsHeldBack: false, exception.Position, now));
            _held.Hold(Parked[^1].Row);
            return;
        }

        if (header is not { } change)
        {
            StateOf(at.TopicPartition).NextOffset = at.Offset.Value + 1;
            return;
        }

        if (!Pass(at, change.Source, change.Position, change.IsSnapshot)) return;
        if (_held.Holds(at.Topic, key))
        {
            Parked.Add(new(
                0, entity.Name, at.Topic, at.Partition.Value, at.Offset.Value, key, value!, "An earlier event of the same row is parked.", IsHeldBack: true, change.Position, now));
            return;
        }

        Applied++;
        Add(changes, change);
    }

    /// <summary>Adds a dead letter, which is none any more with this batch.</summary>
    /// <exception cref="EnvelopeException">It still cannot be applied. It is not part of the batch then.</exception>
    public void Retry(DeadLetter letter, EntityContract entity)
    {
        var changes = _entities[entity.Name];
        Add(changes, changes.Reader.Read(letter.Value, changes.Next()));
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

    private void Add(EntityBatch changes, in ChangeHeader change)
    {
        _sources.Add(change.Source);
        changes.Add(change);
    }

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
