using System.Globalization;
using System.Text.Json;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.Live;

/// <summary>
/// What a change event adds to the metrics: one to <c>changes</c> and one to <c>changes.{entity}</c>; and where the contract names a measure, to the entity's own
/// metric the row that came or went and the difference that it made, the value after the change less the one before it.
/// </summary>
/// <param name="Position">The change's place in the log.</param>
/// <param name="Items">What it adds; nothing for a row of a snapshot, which happened at another time.</param>
internal readonly record struct ChangeMeasurements(LogPosition Position, IReadOnlyList<Measurement> Items)
{
    /// <summary>The metric of all changes; with a dot and an entity's name behind it, of that entity's.</summary>
    public const string Changes = "changes";

    /// <summary>Reads an envelope.</summary>
    /// <exception cref="JsonException">The value is no envelope.</exception>
    public static ChangeMeasurements Parse(EntityContract entity, ReadOnlyMemory<byte> envelope)
    {
        using var document = JsonDocument.Parse(envelope);
        var root = document.RootElement;
        var operation = root.GetProperty("op").GetString()!;
        if (operation == "r" || root.GetProperty("transaction") is not { ValueKind: JsonValueKind.Object } transaction) return new(default, []);
        var id = transaction.GetProperty("id").GetString()!;
        var position = new LogPosition(
            ulong.Parse(id.AsSpan(id.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture),
            transaction.GetProperty("total_order").GetInt64());
        var time = DateTimeOffset.UnixEpoch.AddMicroseconds(root.GetProperty("source").GetProperty("ts_us").GetInt64());

        var row = Row(root, "after") ?? Row(root, "before");
        var tenant = row?.GetProperty("tenant_id").GetString();
        List<Measurement> items = [new(Changes, tenant, time, 1), new($"{Changes}.{entity.Name}", tenant, time, 1)];
        if (entity.Analytics is { } analytics && row is not null)
        {
            var column = entity.Find(analytics.Measure)!;
            var amount = Value(Row(root, "after"), column) - Value(Row(root, "before"), column);
            items.Add(new(entity.Name, tenant, time, operation switch { "c" => 1, "d" => -1, _ => 0 }, amount));
        }

        return new(position, items);
    }

    private static JsonElement? Row(JsonElement root, string name) =>
        root.TryGetProperty(name, out var row) && row.ValueKind == JsonValueKind.Object ? row : null;

    private static decimal Value(JsonElement? row, ColumnContract column)
    {
        if (row is null || !row.Value.TryGetProperty(column.Name, out var value) || value.ValueKind != JsonValueKind.Number) return 0;
        var amount = value.GetDecimal();
        for (var i = 0; column.Type == ColumnType.Money && i < column.Scale; i++) amount /= 10;
        return amount;
    }
}
