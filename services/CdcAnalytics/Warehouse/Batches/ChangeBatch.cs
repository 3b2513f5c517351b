using Confluent.Kafka;
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
    private readonly Dictionary<string, EntityBatch> _entities;
    private readonly Dictionary<TopicPartition, PartitionState> _before;
    private readonly Dictionary<TopicPartition, PartitionState> _partitions = [];

    /// <param name="contracts">The entities.</param>
    /// <param name="before">How far each partition has been applied.</param>
    /// <param name="truncated">Where each truncated entity was last emptied.</param>
    public ChangeBatch(ContractSet contracts, IReadOnlyDictionary<TopicPartition, PartitionState> before, IReadOnlyDictionary<string, LogPosition> truncated)
    {
        _before = before.ToDictionary();
        _entities = contracts.Entities.ToDictionary(
            entity => entity.Name, entity => new EntityBatch(entity) { Truncated = truncated.GetValueOrDefault(entity.Name) }, StringComparer.Ordinal);
    }

    /// <summary>Events read, repetitions and tombstones included.</summary>
    public int Read { get; private set; }

    /// <summary>Bytes of their keys and values.</summary>
    public long Bytes { get; private set; }

    /// <summary>Events that are new.</summary>
    public int Applied { get; private set; }

    /// <summary>The last commit among those that are new.</summary>
    public LogPosition Last { get; private set; }

    /// <summary>When it was committed, in microseconds since 1970.</summary>
    public long LastMicros { get; private set; }

    /// <summary>The partitions read, and how far.</summary>
    public IReadOnlyDictionary<TopicPartition, PartitionState> Partitions => _partitions;

    /// <summary>The changes, by entity.</summary>
    public IEnumerable<EntityBatch> Entities => _entities.Values;

    /// <summary>Adds a message.</summary>
    /// <param name="at">Where it stood.</param>
    /// <param name="entity">The entity of its topic.</param>
    /// <param name="value">Its value; null for a tombstone, which says again what the deletion before it said.</param>
    /// <param name="bytes">Bytes of key and value.</param>
    /// <exception cref="EnvelopeException">It is no event that can be applied. It is not part of the batch then.</exception>
    public void Add(TopicPartitionOffset at, EntityContract entity, byte[]? value, int bytes)
    {
        var changes = _entities[entity.Name];
        ChangeHeader? header = value is null ? null : changes.Reader.Read(value, changes.Next());
        var isNew = Pass(at, header, bytes);
        if (isNew) changes.Add(header!.Value);
    }

    /// <summary>The batch is committed: what comes next begins another one.</summary>
    public void Clear()
    {
        foreach (var (partition, state) in _partitions) _before[partition] = state;
        foreach (var entity in _entities.Values) entity.Clear();
        _partitions.Clear();
        (Read, Bytes, Applied, Last, LastMicros) = (0, 0, 0, default, 0);
    }

    // Changes of a partition come in the log's order, so what is not later is a repetition. Rows of a snapshot have no place in that order.
    private bool Pass(TopicPartitionOffset at, ChangeHeader? header, int bytes)
    {
        Read++;
        Bytes += bytes;
        var state = _partitions.TryGetValue(at.TopicPartition, out var known) ? known : _before.GetValueOrDefault(at.TopicPartition);
        var isNew = header is { } change && (change.IsSnapshot || change.Position > state.Applied);
        var moves = isNew && !header!.Value.IsSnapshot;
        _partitions[at.TopicPartition] = new(at.Offset.Value + 1, moves ? header!.Value.Position : state.Applied);
        if (!isNew) return false;
        Applied++;
        if (header!.Value.Position > Last) (Last, LastMicros) = (header.Value.Position, header.Value.CommittedMicros);
        return true;
    }
}
