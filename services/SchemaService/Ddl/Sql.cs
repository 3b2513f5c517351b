using System.Globalization;

namespace Platform.SchemaService.Ddl;

/// <summary>The parts that statements are put together from: DDL takes no parameters, so each part is quoted here.</summary>
internal static class Sql
{
    /// <summary>A quoted identifier.</summary>
    public static string Name(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A quoted identifier with its schema.</summary>
    public static string Name(string schema, string identifier) => $"{Name(schema)}.{Name(identifier)}";

    /// <summary>Quoted identifiers, separated by commas.</summary>
    public static string Names(IEnumerable<string> identifiers) => string.Join(", ", identifiers.Select(Name));

    /// <summary>A text literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A number literal, without zeros at its end.</summary>
    public static string Literal(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}
