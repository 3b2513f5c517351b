using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse.Batches;

/// <summary>The changes of one entity in a batch: usually one group of rows, more when a truncation or rows of a snapshot come in between.</summary>
internal sealed class EntityBatch(EntityContract entity)
{
    private readonly List<StagedRows> _groups = [new(entity)];
    private int _used = 1;

    public EntityContract Entity => entity;

    /// <summary>Where the entity was last emptied, by source: what is earlier there does not count any more.</summary>
    public Dictionary<string, LogPosition> Truncated { get; } = new(StringComparer.Ordinal);

    /// <summary>The groups, to be applied one after the other.</summary>
    public IEnumerable<StagedRows> Groups => _groups.Take(_used).Where(group => group.Count > 0 || group.Truncation is not null);

    /// <summary>Adds a change.</summary>
    /// <param name="header">The change.</param>
    /// <param name="values">The row's values, which are the batch's from now on.</param>
    public void Add(in ChangeHeader header, Cell[] values)
    {
        if (Truncated.Count > 0 && header.Position <= Truncated.GetValueOrDefault(header.Source)) return;
        if (header.IsTruncate)
        {
            Truncated[header.Source] = header.Position;
            _groups[_used - 1].Truncation = header;
            Grow();
            return;
        }

        if (_groups[_used - 1].Add(header, values) != Placed.NeedsNext) return;
        Grow();
        _groups[_used - 1].Add(header, values);
    }

    public void Clear()
    {
        foreach (var group in _groups.Take(_used)) group.Clear();
        _used = 1;
    }

    private void Grow()
    {
        if (_used == _groups.Count) _groups.Add(new(entity));
        _used++;
    }
}
