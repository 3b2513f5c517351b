using System.Globalization;
using System.Text.Json;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>A change of one row, as it came from its topic.</summary>
/// <param name="Entity">The row's entity; null when no contract describes its table.</param>
/// <param name="Position">Its place in the log.</param>
/// <param name="Operation">Debezium's letter: c, u, d, r or t.</param>
/// <param name="Tenant">The row's tenant; null for a truncation.</param>
/// <param name="Values">The row's values in the contract's order, of the row after the change, or before a deletion.</param>
internal sealed record ChangeEvent(EntityContract Entity, LogPosition Position, string Operation, string? Tenant, object?[] Values)
{
    private static readonly DateOnly Epoch = new(1970, 1, 1);

    public bool IsDelete => Operation == "d";

    public bool IsTruncate => Operation == "t";

    /// <summary>Reads an envelope.</summary>
    /// <exception cref="JsonException">The value is no envelope.</exception>
    public static ChangeEvent Parse(EntityContract entity, ReadOnlyMemory<byte> envelope)
    {
        using var document = JsonDocument.Parse(envelope);
        var root = document.RootElement;
        var operation = root.GetProperty("op").GetString()!;
        var transaction = root.GetProperty("transaction");
        var id = transaction.GetProperty("id").GetString()!;
        var position = new LogPosition(
            ulong.Parse(id.AsSpan(id.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture),
            transaction.GetProperty("total_order").GetInt64());
        if (operation == "t") return new(entity, position, operation, null, []);

        var row = root.GetProperty(operation == "d" ? "before" : "after");
        var values = new object?[entity.Columns.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = row.TryGetProperty(entity.Columns[i].Name, out var json) ? Read(entity.Columns[i], json) : null;
        return new(entity, position, operation, row.GetProperty("tenant_id").GetString(), values);
    }

    private static object? Read(ColumnContract column, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null) return null;
        return column.Type switch
        {
            ColumnType.Text => json.GetString(),
            ColumnType.Integer or ColumnType.Money => json.GetInt64(),
            ColumnType.Number => json.GetDouble(),
            ColumnType.Boolean => json.GetBoolean(),
            ColumnType.Date => Epoch.AddDays(json.GetInt32()),
            ColumnType.Timestamp => json.GetDateTime(),
            ColumnType.Uuid => json.GetGuid(),
            _ => throw new InvalidOperationException($"Column type {column.Type} has no form in the warehouse."),
        };
    }
}
