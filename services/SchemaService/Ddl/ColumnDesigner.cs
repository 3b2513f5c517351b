using Platform.Contracts;

namespace Platform.SchemaService.Ddl;

/// <summary>Derives a table's column from a contract's.</summary>
internal static class ColumnDesigner
{
    /// <summary>The column that names a row's tenant.</summary>
    public static ColumnDesign Tenant { get; } = new(DatabaseNames.TenantColumn, "text", Required: true, []);

    public static ColumnDesign Design(string table, ColumnContract column) =>
        new(column.Name, TypeOf(column.Type), column.Required, [.. LimitsOf(table, column)]);

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Integer or ColumnType.Money => "bigint",
        ColumnType.Number => "double precision",
        ColumnType.Boolean => "boolean",
        ColumnType.Date => "date",
        ColumnType.Timestamp => "timestamp with time zone",
        ColumnType.Uuid => "uuid",
        _ => throw new InvalidOperationException($"Column type {type} has no Postgres form."),
    };

    private static IEnumerable<LimitDesign> LimitsOf(string table, ColumnContract column)
    {
        if (column.MaxLength is { } length)
            yield return new(ObjectNames.Of(table, column.Name, "length"), $"char_length({Sql.Name(column.Name)})", IsUpper: true, length);
        if (column.Minimum is { } minimum)
            yield return new(ObjectNames.Of(table, column.Name, "minimum"), Sql.Name(column.Name), IsUpper: false, Stored(column, minimum));
        if (column.Maximum is { } maximum)
            yield return new(ObjectNames.Of(table, column.Name, "maximum"), Sql.Name(column.Name), IsUpper: true, Stored(column, maximum));
    }

    // Money is stored in minor units.
    private static decimal Stored(ColumnContract column, decimal amount)
    {
        for (var digit = 0; digit < column.Scale; digit++) amount *= 10;
        return amount;
    }
}
