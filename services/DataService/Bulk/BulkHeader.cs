using Platform.Contracts;
using Platform.DataService.Values;

namespace Platform.DataService.Bulk;

/// <summary>The first line of a CSV file: which column each field belongs to.</summary>
internal sealed class BulkHeader
{
    private readonly EntityContract _entity;

    private BulkHeader(EntityContract entity, List<ColumnContract> columns)
    {
        _entity = entity;
        Columns = columns;
    }

    public IReadOnlyList<ColumnContract> Columns { get; }

    public static BulkHeader Read(EntityContract entity, string[] names)
    {
        List<ColumnContract> columns = [];
        foreach (var name in names)
        {
            var column = entity.Find(name.Trim()) ?? throw new BulkHeaderException(name, UnknownColumn.Describe(entity, name));
            if (columns.Contains(column)) throw new BulkHeaderException(name, $"The header names {name} twice.");
            columns.Add(column);
        }

        var missing = entity.Columns.FirstOrDefault(c => c.Required && !c.Generated && !columns.Contains(c));
        if (missing is not null) throw new BulkHeaderException(missing.Name, $"The header must name the required column {missing.Name}.");
        return new(entity, columns);
    }

    public void Fill(RowInput input, string[] fields)
    {
        foreach (var column in _entity.Columns)
        {
            var field = fields.ElementAtOrDefault(IndexOf(column));
            if (field is { Length: > 0 }) input.Add(column, ValueReader.FromText(column, field));
            else if (column != _entity.Key) input.Add(column, ValueReader.NoValue(column));
        }
    }

    private int IndexOf(ColumnContract column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column) return i;
        }

        return -1;
    }
}
