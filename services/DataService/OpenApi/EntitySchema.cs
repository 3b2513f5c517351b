using System.Globalization;
using Microsoft.OpenApi;
using Platform.Contracts;

namespace Platform.DataService.OpenApi;

/// <summary>JSON schemas of an entity's rows.</summary>
internal static class EntitySchema
{
    public static OpenApiSchema Row(EntityContract entity) => new()
    {
        Type = JsonSchemaType.Object,
        Description = entity.Description,
        Properties = entity.Columns.ToDictionary(c => c.Name, c => (IOpenApiSchema)Column(c), StringComparer.Ordinal),
        Required = entity.Columns.Where(c => c.Required && !c.Generated).Select(c => c.Name).ToHashSet(StringComparer.Ordinal),
    };

    public static OpenApiSchema Page(OpenApiSchema row) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["items"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = row },
            ["next"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = "Cursor of the next page; null on the last." },
        },
    };

    public static OpenApiSchema BulkAnswer() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["inserted"] = new OpenApiSchema { Type = JsonSchemaType.Integer } },
    };

    public static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Column(ColumnContract column)
    {
        var (type, format) = column.Type switch
        {
            ColumnType.Text => (JsonSchemaType.String, null),
            ColumnType.Integer => (JsonSchemaType.Integer, "int64"),
            ColumnType.Money => (JsonSchemaType.Number, "decimal"),
            ColumnType.Number => (JsonSchemaType.Number, "double"),
            ColumnType.Boolean => (JsonSchemaType.Boolean, null),
            ColumnType.Date => (JsonSchemaType.String, "date"),
            ColumnType.Timestamp => (JsonSchemaType.String, "date-time"),
            ColumnType.Uuid => (JsonSchemaType.String, "uuid"),
            _ => throw new InvalidOperationException($"Column type {column.Type} has no JSON schema."),
        };
        return new OpenApiSchema
        {
            Type = column.Required ? type : type | JsonSchemaType.Null,
            Format = format,
            Description = column.Description,
            MaxLength = column.MaxLength,
            Pattern = column.Pattern,
            Minimum = column.Minimum?.ToString(CultureInfo.InvariantCulture),
            Maximum = column.Maximum?.ToString(CultureInfo.InvariantCulture),
        };
    }
}
