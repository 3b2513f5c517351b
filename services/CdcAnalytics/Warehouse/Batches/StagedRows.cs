using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse.Batches;

/// <summary>
/// Changes of one entity that are applied together. Those of one row are in the log's order and linked, so each is a version that
/// ends where the next begins. A row of a snapshot stands alone: whether it is a version at all depends on what the warehouse has. Used again for
/// the next batch.
/// </summary>
internal sealed class StagedRows(EntityContract entity)
{
    private static readonly StageContent Nothing = new(ulong.MaxValue) { AreCreates = true };

    private readonly Dictionary<RowKey, int> _last = [];
    private readonly int _key = entity.Columns.ToList().IndexOf(entity.Key);
    private StagedRow[] _rows = new StagedRow[64];

    public int Count { get; private set; }

    /// <summary>What kinds of changes they are.</summary>
    public StageContent Content { get; private set; } = Nothing;

    /// <summary>Where the entity is emptied after these rows; null when it is not.</summary>
    public ChangeHeader? Truncation { get; set; }

    public ref readonly StagedRow this[int index] => ref _rows[index];

    /// <summary>Adds a change of a row.</summary>
    public Placed Add(in ChangeHeader header, Cell[] values)
    {
        var key = new RowKey(header.Tenant!, values[_key]);
        var previous = _last.GetValueOrDefault(key, -1);
        if (previous >= 0)
        {
            ref readonly var before = ref _rows[previous].Header;
            // Places of two sources say nothing about each other.
            if (header.Source != before.Source) return Placed.NeedsNext;
            if (header.Position <= before.Position) return Placed.Late;
            if (header.IsSnapshot || before.IsSnapshot) return Placed.NeedsNext;
            _rows[previous].IsLast = false;
            Content = Content with { HasChains = true };
        }

        if (Count == _rows.Length) Array.Resize(ref _rows, Count * 2);
        _rows[Count] = new() { Header = header, Values = values, Previous = previous, IsLast = true };
        _last[key] = Count++;
        Content = new(Math.Min(Content.FirstLsn, header.Position.CommitLsn))
        {
            HasSnapshotRows = Content.HasSnapshotRows || header.IsSnapshot,
            HasDeletes = Content.HasDeletes || header.IsDelete,
            HasChains = Content.HasChains,
            AreCreates = Content.AreCreates && header.Operation == 'c',
        };
        return Placed.Added;
    }

    /// <summary>Position of the change of the same row before; the start of the log when there is none.</summary>
    public LogPosition PreviousPosition(int index) => _rows[index].Previous is >= 0 and var previous ? _rows[previous].Header.Position : LogPosition.Start;

    /// <summary>Forgets the rows.</summary>
    public void Clear()
    {
        _last.Clear();
        // Values are not held until the next batch as large as this one.
        Array.Clear(_rows, 0, Count);
        Count = 0;
        Content = Nothing;
        Truncation = null;
    }
}
