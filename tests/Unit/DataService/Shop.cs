using Platform.Contracts;

namespace Platform.Unit.DataService;

/// <summary>An entity with a column of every kind, for tests of the data API.</summary>
internal static class Shop
{
    public static readonly EntityContract Orders = Make(
        new ColumnContract { Name = "order_id", Type = ColumnType.Integer, Required = true, Generated = true },
        new ColumnContract { Name = "total", Type = ColumnType.Money, Scale = 2, Required = true, Minimum = 0 },
        new ColumnContract { Name = "country", Type = ColumnType.Text, MaxLength = 10 },
        new ColumnContract { Name = "code", Type = ColumnType.Text, Pattern = "[A-Z]{3}" },
        new ColumnContract { Name = "ordered_at", Type = ColumnType.Timestamp, Required = true },
        new ColumnContract { Name = "due", Type = ColumnType.Date },
        new ColumnContract { Name = "weight", Type = ColumnType.Number, Minimum = 0, Maximum = 10 },
        new ColumnContract { Name = "paid", Type = ColumnType.Boolean },
        new ColumnContract { Name = "trace", Type = ColumnType.Uuid });

    private static EntityContract Make(params ColumnContract[] columns) =>
        new() { Name = "orders", Version = "1.0.0", Columns = columns, Key = columns[0] };
}
