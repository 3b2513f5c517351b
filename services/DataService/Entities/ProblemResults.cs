using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;
using Platform.DataService.Errors;
using Platform.DataService.Values;

namespace Platform.DataService.Entities;

/// <summary>Refusals as ProblemDetails that name the field.</summary>
internal static class ProblemResults
{
    public static ValidationProblem Invalid(RowInput input) =>
        TypedResults.ValidationProblem(input.Errors.ToDictionary(StringComparer.Ordinal));

    public static ValidationProblem Invalid(string field, string reason) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [reason] });

    public static IResult From(PostgresException exception, EntityContract entity)
    {
        var problem = PostgresErrors.Describe(exception, entity);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [problem.Field ?? ""] = [problem.Reason] };
        return problem.Status == StatusCodes.Status400BadRequest
            ? TypedResults.ValidationProblem(errors)
            : TypedResults.Problem(problem.Reason, statusCode: problem.Status, extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors });
    }

    public static ProblemHttpResult NotFound(EntityContract entity, string id) =>
        TypedResults.Problem($"There is no row {id} in {entity.Name}.", statusCode: StatusCodes.Status404NotFound);
}
