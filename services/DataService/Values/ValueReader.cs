using System.Globalization;
using System.Text.Json;
using Platform.Contracts;

namespace Platform.DataService.Values;

/// <summary>Reads a column's value from JSON, or from text (a query, a path, a CSV field), and checks it against the contract.</summary>
internal static class ValueReader
{
    public static ColumnValue FromJson(ColumnContract column, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null) return NoValue(column);
        return column.Type switch
        {
            ColumnType.Text when TextOf(json) is { } text => CheckText(column, text),
            ColumnType.Integer when json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var number) => CheckRange(column, number, number),
            ColumnType.Money when json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out var amount) => Money(column, amount),
            ColumnType.Number when json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var number) && double.IsFinite(number) =>
                Number(column, number),
            ColumnType.Boolean when json.ValueKind is JsonValueKind.True or JsonValueKind.False => ColumnValue.Of(json.GetBoolean()),
            ColumnType.Date or ColumnType.Timestamp or ColumnType.Uuid when TextOf(json) is { } text => FromText(column, text),
            _ => ColumnValue.Invalid(ColumnValue.Expectation(column)),
        };
    }

    public static ColumnValue FromText(ColumnContract column, string text) => column.Type switch
    {
        ColumnType.Text => CheckText(column, text),
        ColumnType.Integer when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            CheckRange(column, number, number),
        ColumnType.Money when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) =>
            Money(column, amount),
        ColumnType.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
            Number(column, number),
        ColumnType.Boolean when bool.TryParse(text, out var flag) => ColumnValue.Of(flag),
        ColumnType.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
            ColumnValue.Of(date),
        ColumnType.Timestamp when TryReadTimestamp(text, out var timestamp) => ColumnValue.Of(timestamp),
        ColumnType.Uuid when Guid.TryParse(text, out var uuid) => ColumnValue.Of(uuid),
        _ => ColumnValue.Invalid(ColumnValue.Expectation(column)),
    };

    /// <summary>The answer to a missing or null value.</summary>
    public static ColumnValue NoValue(ColumnContract column) =>
        column.Required ? ColumnValue.Invalid("is required.") : ColumnValue.Of(null);

    private static string? TextOf(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String) return null;
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            // JSON lets half of a surrogate pair through ("\ud800"), which is no character.
            return null;
        }
    }

    private static bool TryReadTimestamp(string text, out DateTime timestamp)
    {
        // Only forms that begin with a year: other orders of day and month mean different things to different people.
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        timestamp = default;
        return text.Length >= 10 && text[4] == '-' && text[7] == '-'
            && DateTime.TryParse(text, CultureInfo.InvariantCulture, utc, out timestamp);
    }

    private static ColumnValue CheckText(ColumnContract column, string text)
    {
        if (column.MaxLength is { } longest && text.Length > longest && LengthInCharacters(text) > longest)
            return ColumnValue.Invalid($"must have at most {longest} characters; it has {LengthInCharacters(text)}.");
        if (text.Contains('\0', StringComparison.Ordinal)) return ColumnValue.Invalid("must not contain the character U+0000.");
        if (column.Pattern is { } pattern && !ContractPattern.IsMatch(pattern, text)) return ColumnValue.Invalid($"must match {pattern}.");
        return ColumnValue.Of(text);
    }

    private static int LengthInCharacters(string text) => text.EnumerateRunes().Count();

    private static ColumnValue Money(ColumnContract column, decimal amount)
    {
        decimal minorUnits;
        try
        {
            minorUnits = amount * ScaleFactor(column.Scale);
        }
        catch (OverflowException)
        {
            return ColumnValue.Invalid("is too large.");
        }

        if (minorUnits != decimal.Truncate(minorUnits)) return ColumnValue.Invalid(ColumnValue.Expectation(column));
        return minorUnits is < long.MinValue or > long.MaxValue
            ? ColumnValue.Invalid("is too large.")
            : CheckRange(column, amount, (long)minorUnits);
    }

    private static ColumnValue Number(ColumnContract column, double number) =>
        (column.Minimum is { } least && number < (double)least) || (column.Maximum is { } most && number > (double)most)
            ? OutOfRange(column)
            : ColumnValue.Of(number);

    private static ColumnValue CheckRange(ColumnContract column, decimal value, object stored) =>
        value < column.Minimum || value > column.Maximum ? OutOfRange(column) : ColumnValue.Of(stored);

    private static ColumnValue OutOfRange(ColumnContract column) => ColumnValue.Invalid((column.Minimum, column.Maximum) switch
    {
        ({ } least, { } most) => $"must be between {least} and {most}.",
        ({ } least, null) => $"must be at least {least}.",
        _ => $"must be at most {column.Maximum}.",
    });

    /// <summary>Minor units in one unit: 100 for two decimals.</summary>
    public static decimal ScaleFactor(int scale)
    {
        var factor = 1m;
        for (var i = 0; i < scale; i++) factor *= 10;
        return factor;
    }
}
