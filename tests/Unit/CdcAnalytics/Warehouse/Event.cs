using System.Text.Json;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>Change events of <see cref="WarehouseFile.Things"/> as this platform's capture writes them.</summary>
internal static class Event
{
    public static string Create(long id, string? name, ulong lsn, long ordinal = 1, string tenant = "jane") => Row("c", id, name, lsn, ordinal, tenant);

    public static string Update(long id, string? name, ulong lsn, long ordinal = 1, string tenant = "jane") => Row("u", id, name, lsn, ordinal, tenant);

    public static string Delete(long id, ulong lsn, long ordinal = 1, string tenant = "jane") => Row("d", id, "gone", lsn, ordinal, tenant);

    /// <summary>A row as a snapshot at this position found it.</summary>
    public static string Snapshot(long id, string? name, ulong lsn, string tenant = "jane") => Row("r", id, name, lsn, 0, tenant);

    public static string Truncate(ulong lsn, long ordinal = 1) => Envelope("t", null, null, lsn, ordinal);

    private static string Row(string operation, long id, string? name, ulong lsn, long ordinal, string tenant)
    {
        var row = new Dictionary<string, object?> { ["tenant_id"] = tenant, ["id"] = id, ["name"] = name };
        return operation == "d" ? Envelope(operation, row, null, lsn, ordinal) : Envelope(operation, null, row, lsn, ordinal);
    }

    private static string Envelope(string operation, object? before, object? after, ulong lsn, long ordinal) => JsonSerializer.Serialize(new
    {
        before,
        after,
        source = new { version = "platform-1.0", ts_ms = lsn / 1000, snapshot = "false", sequence = $"[\"{lsn - 1}\",\"{lsn}\"]", ts_us = lsn, table = "things", lsn },
        transaction = ordinal == 0 ? null : new { id = $"7:{lsn}", total_order = ordinal, data_collection_order = ordinal },
        op = operation,
        ts_ms = 1,
    });
}
