using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Platform.DataService.Values;

namespace Platform.DataService.Queries;

/// <summary>
/// Where a page ended: the order's columns and the last row's values in it. A keyset, not an offset, so a page costs the same
/// however deep it lies, and rows written meanwhile neither repeat nor hide others.
/// </summary>
internal static class Cursor
{
    public static string Format(IReadOnlyList<SortKey> order, IReadOnlyList<string?> values) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new string?[] { Signature(order) }.Concat(values)));

    public static bool TryParse(string text, IReadOnlyList<SortKey> order, [NotNullWhen(true)] out IReadOnlyList<object?>? values)
    {
        values = null;
        string?[]? parts;
        try
        {
            parts = JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(text));
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return false;
        }

        if (parts is null || parts.Length != order.Count + 1 || parts[0] != Signature(order)) return false;
        var read = new object?[order.Count];
        for (var i = 0; i < order.Count; i++)
        {
            if (parts[i + 1] is not { } part)
            {
                if (order[i].Column.Required) return false;
                continue;
            }

            var column = order[i].Column with { MaxLength = null, Pattern = null, Minimum = null, Maximum = null };
            var value = ValueReader.FromText(column, part);
            if (value.Error is not null) return false;
            read[i] = value.Value;
        }

        values = read;
        return true;
    }

    private static string Signature(IReadOnlyList<SortKey> order)
    {
        var signature = new StringBuilder();
        foreach (var key in order) signature.Append(key.Descending ? '-' : '+').Append(key.Column.Name);
        return signature.ToString();
    }
}
