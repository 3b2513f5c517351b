using System.Globalization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Platform.Contracts;
using Platform.DataService.Bulk;
using Platform.DataService.Queries;
using Platform.Replication;

namespace Platform.DataService.OpenApi;

/// <summary>Adds to an operation what its entity's contract says: bodies, filters and the consistency token.</summary>
internal static class EntityOperation
{
    private const string Json = "application/json";

    public static void Complete(OpenApiOperation operation, ApiDescription description, EntityContract entity)
    {
        operation.Parameters ??= [];
        operation.Responses ??= [];
        var path = description.RelativePath ?? "";
        var row = EntitySchema.Row(entity);
        switch (description.HttpMethod)
        {
            case "GET" when path.EndsWith('}'):
                Answer(operation, StatusCodes.Status200OK, "The row.", row);
                break;
            case "GET":
                AddListParameters(operation, entity);
                Answer(operation, StatusCodes.Status200OK, "A page of rows, and the cursor of the next one.", EntitySchema.Page(row));
                break;
            case "POST" when path.EndsWith("/bulk", StringComparison.Ordinal):
                Accept(operation, (BulkFormat.Csv, EntitySchema.Text()), (BulkFormat.NdJson, row));
                Answer(operation, StatusCodes.Status200OK, "The number of rows loaded.", EntitySchema.BulkAnswer());
                break;
            case "POST":
                Accept(operation, (Json, row));
                Answer(operation, StatusCodes.Status201Created, "The row as it was created.", row);
                break;
            case "PUT" or "PATCH":
                Accept(operation, (Json, row));
                Answer(operation, StatusCodes.Status200OK, "The row as it is now.", row);
                break;
        }

        operation.Parameters.Add(new OpenApiParameter
        {
            Name = ConsistencyToken.HeaderName,
            In = ParameterLocation.Header,
            Description = "Token of an earlier answer: the data read is not older than that.",
            Schema = EntitySchema.Text(),
        });
    }

    private static void AddListParameters(OpenApiOperation operation, EntityContract entity)
    {
        AddQuery(operation, "select", "Columns to answer, separated by commas. Default: all.");
        AddQuery(operation, "order", "Columns to sort by, separated by commas; a minus before one sorts it downwards.");
        AddQuery(operation, "limit", "Rows a page, 1 to 1000. Default: 50.");
        AddQuery(operation, "cursor", "The value of next in the page before.");
        foreach (var column in entity.Columns)
            AddQuery(operation, column.Name, $"Filter {column.Name}=<operator>.<value>; operators: {FilterOperator.Names}. {column.Description}");
    }

    private static void AddQuery(OpenApiOperation operation, string name, string description) => operation.Parameters!.Add(
        new OpenApiParameter { Name = name, In = ParameterLocation.Query, Description = description, Schema = EntitySchema.Text() });

    private static void Accept(OpenApiOperation operation, params (string Type, OpenApiSchema Schema)[] bodies) =>
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = bodies.ToDictionary(b => b.Type, b => new OpenApiMediaType { Schema = b.Schema }, StringComparer.Ordinal),
        };

    private static void Answer(OpenApiOperation operation, int status, string description, OpenApiSchema schema)
    {
        operation.Responses!.Remove("200");
        operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [Json] = new OpenApiMediaType { Schema = schema } },
        };
    }
}
