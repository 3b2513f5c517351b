using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.CdcAnalytics.Warehouse.Rollups;
using Platform.Contracts;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>A warehouse of customers, their orders and the orders' lines, with rollups of every kind.</summary>
internal sealed class ShopFile : IDisposable
{
    public static readonly EntityContract Customers = Entity("customers", [], [], ("country", ColumnType.Text), ("name", ColumnType.Text));

    public static readonly EntityContract Orders = Entity(
        "orders", [new("customers_id", "customers", "id")],
        [
            new("by_day", "ordered_at", "day", ["customers.country"], [new("sum", "total"), new("avg", "total")]),
            new("extremes", null, "none", ["customers.country"], [new("min", "total"), new("max", "total"), new("max", "ordered_at")]),
            new("by_month", "ordered_at", "month", [], [new("count", "total")]),
        ],
        ("customers_id", ColumnType.Integer), ("ordered_at", ColumnType.Timestamp), ("total", ColumnType.Money), ("note", ColumnType.Text))
        with { Analytics = new("total", "ordered_at", []) };

    public static readonly EntityContract Lines = Entity(
        "lines", [new("orders_id", "orders", "id")],
        [new("sold", "orders.ordered_at", "day", ["customers.country"], [new("sum", "quantity")])],
        ("orders_id", ColumnType.Integer), ("quantity", ColumnType.Integer));

    private readonly string _folder = Directory.CreateTempSubdirectory("platform-shop-").FullName;
    private readonly Dictionary<TopicPartition, long> _next = [];

    public ShopFile()
    {
        Store = new(Contracts, Microsoft.Extensions.Options.Options.Create(Options));
        Forget();
    }

    public ContractSet Contracts { get; } = new([Customers, Orders, Lines]);

    public WarehouseOptions Options => new() { Path = Path.Combine(_folder, "warehouse.duckdb") };

    public WarehouseStore Store { get; }

    public ChangeBatch Batch { get; private set; } = null!;

    public IEnumerable<RollupTable> Rollups => Contracts.Entities.SelectMany(Store.Rollups);

    public static string Customer(long id, string? country, string name = "a") => Row(("id", id), ("country", country), ("name", name));

    public static string Order(long id, long? customer, string day, long? total, string note = "") =>
        Row(("id", id), ("customers_id", customer), ("ordered_at", $"{day}T10:00:00Z"), ("total", total), ("note", note));

    public static string Line(long id, long order, long quantity) => Row(("id", id), ("orders_id", order), ("quantity", quantity));

    /// <summary>Adds a change of a row to the batch.</summary>
    public void Add(EntityContract entity, char operation, string? row, ulong lsn, string tenant = "jane", int partition = 0)
    {
        row = row?.Replace("{", $$"""{"tenant_id":"{{tenant}}",""", StringComparison.Ordinal);
        var (before, after) = operation switch { 't' => ("null", "null"), 'd' => (row, "null"), _ => ("null", row) };
        var transaction = operation == 'r' ? "null" : $$"""{"id":"7:{{lsn}}","total_order":1,"data_collection_order":1}""";
        var place = new TopicPartition($"cdc.app.{entity.Name}", partition);
        var offset = _next[place] = _next.GetValueOrDefault(place) + 1;
        var value = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"before":{{before}},"after":{{after}},"source":{"version":"platform-1.0","name":"cdc","ts_ms":1,"ts_us":1000,"db":"platform","sequence":"[\"1\",\"{{lsn}}\"]","lsn":{{lsn}}},"transaction":{{transaction}},"op":"{{operation}}","ts_ms":1}""");
        Batch.Add(new ChangeEventReader(Contracts).Read(new(place, offset), entity, key: null, value), DateTime.UnixEpoch);
    }

    public void Commit()
    {
        Store.Apply(Batch, "broker");
        Batch.Clear();
    }

    public void Apply(EntityContract entity, char operation, string? row, ulong lsn, string tenant = "jane")
    {
        Add(entity, operation, row, lsn, tenant);
        Commit();
    }

    /// <summary>Forgets how far the partitions are, so that events may come again.</summary>
    public void Forget() => Batch = new(Contracts, new Dictionary<TopicPartition, PartitionState>(), Store.ReadTruncated(), new HeldRows());

    public IReadOnlyList<string> Read(string sql)
    {
        using var connection = Store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "-" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }

    /// <summary>What a rollup has, and what it would have when it were computed anew.</summary>
    public (IReadOnlyList<string> Kept, IReadOnlyList<string> Computed) Compare(RollupTable rollup) => (
        Read($"SELECT {rollup.Columns} FROM {rollup.Name} ORDER BY ALL"),
        Read($"SELECT * FROM ({rollup.Fill[rollup.Fill.IndexOf("SELECT", StringComparison.Ordinal)..]}) ORDER BY ALL"));

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Row(params (string Name, object? Value)[] columns) => JsonSerializer.Serialize(columns.ToDictionary(column => column.Name, column => column.Value));

    private static EntityContract Entity(string name, IReadOnlyList<ReferenceContract> references, IReadOnlyList<RollupContract> rollups, params (string Name, ColumnType Type)[] columns)
    {
        var key = new ColumnContract { Name = "id", Type = ColumnType.Integer, Required = true };
        return new()
        {
            Name = name, Version = "1.0.0", Key = key, References = references, Rollups = rollups,
            Columns = [key, .. columns.Select(column => new ColumnContract { Name = column.Name, Type = column.Type, Scale = column.Type == ColumnType.Money ? 2 : 0 })],
        };
    }
}
