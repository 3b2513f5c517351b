using System.Globalization;

namespace Platform.Caching;

/// <summary>One row changed by one transaction.</summary>
/// <param name="Key">The row.</param>
/// <param name="TransactionId">The transaction, as the log numbers it.</param>
public readonly record struct Invalidation(CacheKey Key, uint TransactionId)
{
    /// <summary>The announcement's text.</summary>
    public override string ToString() => $"{TransactionId}|{Key}";

    /// <summary>Reads an announcement's text; false when it is none.</summary>
    public static bool TryParse(string text, out Invalidation invalidation)
    {
        invalidation = default;
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0 || !uint.TryParse(text.AsSpan(0, bar), NumberStyles.None, CultureInfo.InvariantCulture, out var transactionId)) return false;

        var parts = text[(bar + 1)..].Split(':', 3);
        if (parts.Length != 3) return false;
        invalidation = new(new(parts[0], parts[1], parts[2]), transactionId);
        return true;
    }
}
