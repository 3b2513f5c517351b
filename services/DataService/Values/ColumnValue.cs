using Platform.Contracts;

namespace Platform.DataService.Values;

/// <summary>A value of one column as it is stored (money in minor units), or the reason why there is none.</summary>
/// <param name="Value">The stored value, null for no value.</param>
/// <param name="Error">What is wrong with the input and what is expected, or null when it is fine.</param>
internal readonly record struct ColumnValue(object? Value, string? Error)
{
    public static ColumnValue Of(object? value) => new(value, null);

    public static ColumnValue Invalid(string error) => new(null, error);

    /// <summary>What the column expects, for messages.</summary>
    public static string Expectation(ColumnContract column) => column.Type switch
    {
        ColumnType.Text => "must be text.",
        ColumnType.Integer => "must be a whole number.",
        ColumnType.Money => $"must be an amount with at most {column.Scale} decimals, such as 9.99.",
        ColumnType.Number => "must be a number.",
        ColumnType.Boolean => "must be true or false.",
        ColumnType.Date => "must be a date such as 2025-12-31.",
        ColumnType.Timestamp => "must be a time such as 2025-12-31T23:59:59Z.",
        ColumnType.Uuid => "must be a UUID.",
        _ => throw new InvalidOperationException($"Column type {column.Type} has no API form."),
    };
}
