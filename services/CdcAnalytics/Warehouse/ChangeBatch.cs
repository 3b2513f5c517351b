using Confluent.Kafka;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>
/// Events read together: repetitions are left out, and of several changes of one row the last one counts.
/// </summary>
internal sealed class ChangeBatch(IReadOnlyDictionary<TopicPartition, PartitionState> before, IReadOnlyDictionary<string, LogPosition> truncated)
{
    private readonly Dictionary<TopicPartition, PartitionState> _partitions = [];
    private readonly Dictionary<string, LogPosition> _truncated = new(StringComparer.Ordinal);
    private readonly Dictionary<EntityContract, Dictionary<(string Tenant, object Key), ChangeEvent>> _rows = [];

    /// <summary>Events read, repetitions and tombstones included.</summary>
    public int Read { get; private set; }

    /// <summary>Bytes of their keys and values.</summary>
    public long Bytes { get; private set; }

    /// <summary>Events that are new.</summary>
    public int Applied { get; private set; }

    /// <summary>The partitions read, and how far.</summary>
    public IReadOnlyDictionary<TopicPartition, PartitionState> Partitions => _partitions;

    /// <summary>Entities truncated by this batch, and where.</summary>
    public IReadOnlyDictionary<string, LogPosition> Truncated => _truncated;

    /// <summary>The last change of each row.</summary>
    public IEnumerable<(EntityContract Entity, IEnumerable<ChangeEvent> Rows)> Rows =>
        _rows.Where(r => r.Value.Count > 0).Select(r => (r.Key, (IEnumerable<ChangeEvent>)r.Value.Values));

    public void Add(TopicPartitionOffset at, ChangeEvent? change, int bytes)
    {
        Read++;
        Bytes += bytes;
        var state = _partitions.TryGetValue(at.TopicPartition, out var known) ? known : before.GetValueOrDefault(at.TopicPartition);
        var isNew = change is not null && change.Position > state.Applied;
        _partitions[at.TopicPartition] = new(at.Offset.Value + 1, isNew ? change!.Position : state.Applied);
        if (!isNew) return;

        Applied++;
        if (change!.IsTruncate) Truncate(change);
        else if (change.Position > TruncatedAt(change.Entity.Name)) RowsOf(change.Entity)[(change.Tenant!, KeyOf(change))] = change;
    }

    private void Truncate(ChangeEvent change)
    {
        _truncated[change.Entity.Name] = change.Position;
        var rows = RowsOf(change.Entity);
        foreach (var (key, row) in rows.ToList())
        {
            if (row.Position < change.Position) rows.Remove(key);
        }
    }

    private LogPosition TruncatedAt(string entity) =>
        _truncated.TryGetValue(entity, out var position) ? position : truncated.GetValueOrDefault(entity);

    private Dictionary<(string Tenant, object Key), ChangeEvent> RowsOf(EntityContract entity)
    {
        if (!_rows.TryGetValue(entity, out var rows)) _rows[entity] = rows = [];
        return rows;
    }

    private static object KeyOf(ChangeEvent change)
    {
        for (var i = 0; i < change.Values.Length; i++)
        {
            if (change.Entity.Columns[i] == change.Entity.Key) return change.Values[i]!;
        }

        throw new InvalidOperationException($"{change.Entity.Name} has no key column.");
    }
}
