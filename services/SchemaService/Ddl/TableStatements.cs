namespace Platform.SchemaService.Ddl;

/// <summary>Statements about a whole table.</summary>
internal static class TableStatements
{
    public static string Create(TableDesign design)
    {
        var parts = design.Columns.Select(Column)
            .Append($"CONSTRAINT {Sql.Name(ObjectNames.Of(design.Name, "pkey"))} PRIMARY KEY ({Sql.Names(design.PrimaryKey)})")
            .Concat(design.Columns.SelectMany(column => column.Limits).Select(Limit));
        var partitioning = design.PartitionColumn is { } column ? $" PARTITION BY RANGE ({Sql.Name(column)})" : "";
        return $"CREATE TABLE {design.QualifiedName} (\n    {string.Join(",\n    ", parts)}\n){partitioning}";
    }

    public static string Column(ColumnDesign column) => $"{Sql.Name(column.Name)} {column.Type}{(column.Required ? " NOT NULL" : "")}";

    public static string Limit(LimitDesign limit) => $"CONSTRAINT {Sql.Name(limit.Constraint)} {limit.Definition}";
}
