using System.Text.Json;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>Change events of <see cref="WarehouseFile.Things"/> as this platform's capture writes them.</summary>
internal static class Event
{
    public static string Create(long id, string? name, ulong lsn, long ordinal = 1, string tenant = "jane", string database = "platform") => Row("c", id, name, lsn, ordinal, tenant, database);

    public static string Update(long id, string? name, ulong lsn, long ordinal = 1, string tenant = "jane", string database = "platform") => Row("u", id, name, lsn, ordinal, tenant, database);

    public static string Delete(long id, ulong lsn, long ordinal = 1, string tenant = "jane", string database = "platform") => Row("d", id, "gone", lsn, ordinal, tenant, database);

    /// <summary>A row as a snapshot at this position found it.</summary>
    public static string Snapshot(long id, string? name, ulong lsn, string tenant = "jane", string database = "platform") => Row("r", id, name, lsn, 0, tenant, database);

    public static string Truncate(ulong lsn, long ordinal = 1, string database = "platform") => Envelope("t", null, null, lsn, ordinal, database);

    private static string Row(string operation, long id, string? name, ulong lsn, long ordinal, string tenant, string database)
    {
        var row = new Dictionary<string, object?> { ["tenant_id"] = tenant, ["id"] = id, ["name"] = name };
        return operation == "d" ? Envelope(operation, row, null, lsn, ordinal, database) : Envelope(operation, null, row, lsn, ordinal, database);
    }

    private static string Envelope(string operation, object? before, object? after, ulong lsn, long ordinal, string database) => JsonSerializer.Serialize(new
    {
        before,
        after,
        source = new { version = "platform-1.0", name = "cdc", ts_ms = lsn / 1000, snapshot = "false", db = database, sequence = $"[\"{lsn - 1}\",\"{lsn}\"]", ts_us = lsn, table = "things", lsn },
        transaction = ordinal == 0 ? null : new { id = $"7:{lsn}", total_order = ordinal, data_collection_order = ordinal },
        op = operation,
        ts_ms = 1,
    });
}
