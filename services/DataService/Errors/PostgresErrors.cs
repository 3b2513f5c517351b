using Npgsql;
using Platform.Contracts;

namespace Platform.DataService.Errors;

/// <summary>Postgres' refusals of a row, told as problems of a field.</summary>
internal static class PostgresErrors
{
    /// <summary>True when the data is to blame, not the server.</summary>
    public static bool IsAboutRows(PostgresException exception) => exception.SqlState.StartsWith("23", StringComparison.Ordinal)
        || exception.SqlState.StartsWith("22", StringComparison.Ordinal);

    public static FieldProblem Describe(PostgresException exception, EntityContract entity) => exception.SqlState switch
    {
        PostgresErrorCodes.ForeignKeyViolation => Reference(exception, entity),
        PostgresErrorCodes.UniqueViolation =>
            new(StatusCodes.Status409Conflict, entity.Key.Name, $"A row of {entity.Name} with this {entity.Key.Name} exists already."),
        PostgresErrorCodes.CheckViolation when entity.Partitioning is { } partitioning && exception.ConstraintName is null =>
            new(StatusCodes.Status400BadRequest, partitioning.Column,
                $"{partitioning.Column} is outside the months that are kept: from {partitioning.From:yyyy-MM} to {partitioning.Premake} months ahead."),
        PostgresErrorCodes.NotNullViolation =>
            new(StatusCodes.Status400BadRequest, exception.ColumnName, $"{exception.ColumnName} is required."),
        _ => new(StatusCodes.Status400BadRequest, exception.ColumnName ?? ColumnOf(exception.ConstraintName, entity), exception.MessageText),
    };

    private static FieldProblem Reference(PostgresException exception, EntityContract entity)
    {
        // The server names the table whose constraint failed: ours when a reference is missing, another's when that one refers to our row.
        if (exception.TableName is { } table && table != entity.Name && !table.StartsWith($"{entity.Name}_p", StringComparison.Ordinal))
            return new(StatusCodes.Status409Conflict, entity.Key.Name, $"The row is still referred to by {table}; remove those rows first.");

        // A constraint is named after its column, and a column's name may be part of another's: the longest is meant.
        var reference = entity.References.Where(r => exception.ConstraintName?.Contains(r.Column, StringComparison.Ordinal) == true).MaxBy(r => r.Column.Length);
        return reference is null
            ? new(StatusCodes.Status409Conflict, entity.Key.Name, "The row is still referred to by other rows; remove those first.")
            : new(StatusCodes.Status400BadRequest, reference.Column, $"{reference.Column} names no row of {reference.Entity}.");
    }

    private static string? ColumnOf(string? constraint, EntityContract entity) =>
        constraint is null ? null : entity.Columns.Where(c => constraint.Contains(c.Name, StringComparison.Ordinal)).MaxBy(c => c.Name.Length)?.Name;
}
