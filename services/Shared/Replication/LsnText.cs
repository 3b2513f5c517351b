using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Platform.Replication;

/// <summary>Postgres' notation of a log position: two hexadecimal halves, <c>0/16B3748</c>.</summary>
public static class LsnText
{
    /// <summary>The position in Postgres' notation.</summary>
    public static string Format(ulong lsn) => $"{lsn >> 32:X}/{(uint)lsn:X}";

    /// <summary>Reads Postgres' notation; false when it is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ulong lsn)
    {
        lsn = 0;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || !uint.TryParse(text.AsSpan(0, slash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !uint.TryParse(text.AsSpan(slash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
            return false;

        lsn = ((ulong)high << 32) | low;
        return true;
    }
}
