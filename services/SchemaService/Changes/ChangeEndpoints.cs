using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.SchemaService.Control;
using Platform.ServiceDefaults.Identity;

namespace Platform.SchemaService.Changes;

/// <summary>The applied schema changes, newest first.</summary>
internal static class ChangeEndpoints
{
    private const int MostRows = 1000;

    private const string Newest = """
        SELECT id, at, contract, contract_version, statement, milliseconds FROM control.schema_changes
        WHERE id < $1 ORDER BY id DESC LIMIT $2
        """;

    public static void MapChanges(this IEndpointRouteBuilder routes) => routes.MapGet("/changes", Get)
        .WithTags("Changes").WithName("GetSchemaChanges")
        .AddEndpointFilter<ControlFilter>()
        .RequireAuthorization(Policies.Operator);

    private static async Task<Ok<List<SchemaChange>>> Get(
        NpgsqlDataSource database, CancellationToken cancellationToken, long? before = null, int limit = 100)
    {
        await using var command = database.CreateCommand(Newest);
        command.Parameters.Add(new() { Value = before ?? long.MaxValue });
        command.Parameters.Add(new() { Value = Math.Clamp(limit, 1, MostRows) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var changes = new List<SchemaChange>();
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add(new(
                reader.GetInt64(0),
                reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetDouble(5)));
        }

        return TypedResults.Ok(changes);
    }
}
