using System.Globalization;
using Npgsql;
using Platform.Contracts;
using Platform.DataService.Values;

namespace Platform.DataService.Queries;

/// <summary>A value as text that <see cref="ValueReader.FromText"/> reads back exactly.</summary>
internal static class SortText
{
    public static string? Format(NpgsqlDataReader reader, int ordinal, ColumnContract column)
    {
        if (reader.IsDBNull(ordinal)) return null;
        return column.Type switch
        {
            ColumnType.Text => reader.GetString(ordinal),
            ColumnType.Integer => reader.GetInt64(ordinal).ToString(CultureInfo.InvariantCulture),
            ColumnType.Money => (reader.GetInt64(ordinal) / ValueReader.ScaleFactor(column.Scale)).ToString(CultureInfo.InvariantCulture),
            ColumnType.Number => reader.GetDouble(ordinal).ToString("R", CultureInfo.InvariantCulture),
            ColumnType.Boolean => reader.GetBoolean(ordinal) ? "true" : "false",
            ColumnType.Date => reader.GetFieldValue<DateOnly>(ordinal).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ColumnType.Timestamp => reader.GetDateTime(ordinal).ToString("O", CultureInfo.InvariantCulture),
            ColumnType.Uuid => reader.GetGuid(ordinal).ToString(),
            _ => throw new InvalidOperationException($"Column type {column.Type} has no text form."),
        };
    }
}
