using System.Globalization;
using System.Text.Json;
using Platform.Caching;
using Platform.Contracts;

namespace Platform.CacheService.Invalidation;

/// <summary>What a change event means for the cache.</summary>
/// <param name="Invalidation">The row to take out; null when the whole table was emptied.</param>
/// <param name="CommitLsn">Position of the commit.</param>
/// <param name="CommittedAt">When it was committed.</param>
internal readonly record struct ChangedRow(Caching.Invalidation? Invalidation, ulong CommitLsn, DateTimeOffset CommittedAt)
{
    /// <summary>Reads an envelope.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static ChangedRow Parse(EntityContract entity, ReadOnlyMemory<byte> envelope)
    {
        using var document = JsonDocument.Parse(envelope);
        var root = document.RootElement;
        var source = root.GetProperty("source");
        var committedAt = DateTimeOffset.FromUnixTimeMilliseconds(source.GetProperty("ts_ms").GetInt64());
        var transaction = root.GetProperty("transaction").GetProperty("id").GetString()!;
        var lsn = ulong.Parse(transaction.AsSpan(transaction.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        var operation = root.GetProperty("op").GetString();
        if (operation == "t") return new(null, lsn, committedAt);

        var row = root.GetProperty(operation == "d" ? "before" : "after");
        var id = row.GetProperty(entity.Key.Name);
        var key = new CacheKey(row.GetProperty("tenant_id").GetString()!, entity.Name, id.ValueKind == JsonValueKind.String ? id.GetString()! : id.GetRawText());
        return new(new Caching.Invalidation(key, source.GetProperty("txId").GetUInt32()), lsn, committedAt);
    }
}
