namespace Platform.DataService.Errors;

/// <summary>What Postgres refused, in the words of the API.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Field">The column, or null when none is to blame.</param>
/// <param name="Reason">What is wrong.</param>
internal sealed record FieldProblem(int Status, string? Field, string Reason);
