using Platform.Contracts;

namespace Platform.DataService.Bulk;

/// <summary>A column's values as the typed array that an array parameter needs.</summary>
internal static class ColumnArray
{
    public static Array Of(ColumnType type, object?[] values) => type switch
    {
        ColumnType.Text => Array.ConvertAll(values, v => (string?)v),
        ColumnType.Integer or ColumnType.Money => Array.ConvertAll(values, v => (long?)v),
        ColumnType.Number => Array.ConvertAll(values, v => (double?)v),
        ColumnType.Boolean => Array.ConvertAll(values, v => (bool?)v),
        ColumnType.Date => Array.ConvertAll(values, v => (DateOnly?)v),
        ColumnType.Timestamp => Array.ConvertAll(values, v => (DateTime?)v),
        ColumnType.Uuid => Array.ConvertAll(values, v => (Guid?)v),
        _ => throw new InvalidOperationException($"Column type {type} has no array form."),
    };
}
