using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.SchemaService.Ddl;

/// <summary>
/// Compares a table's columns, key and division. What only lets more rows in is applied; what could lose data, rewrite the table or
/// refuse rows that are there is left to a migration.
/// </summary>
internal static partial class StructureComparison
{
    public static void Compare(TableDesign design, TableState state, TableChanges changes)
    {
        CompareKey(design, state, changes);
        CompareDivision(design, state, changes);
        foreach (var surplus in state.Columns.Where(column => design.Columns.All(wanted => wanted.Name != column.Name)))
        {
            changes.Refuse($"the column {Show(design, surplus.Name)} is not in the contract",
                "put it back into the contract, or remove the column by a migration");
        }

        foreach (var wanted in design.Columns)
        {
            if (state.Columns.FirstOrDefault(column => column.Name == wanted.Name) is { } present)
                CompareColumn(design, wanted, present, state, changes);
            else AddColumn(design, wanted, changes);
        }
    }

    private static void CompareKey(TableDesign design, TableState state, TableChanges changes)
    {
        var key = state.Constraints.FirstOrDefault(constraint => constraint.Kind == "p")?.Columns ?? [];
        if (!key.SequenceEqual(design.PrimaryKey, StringComparer.Ordinal))
        {
            changes.Refuse(
                $"the key of {Show(design)} is ({string.Join(", ", key)}), the contract's is ({string.Join(", ", design.PrimaryKey)})",
                "put the key back into the contract, or change it by a migration");
        }
    }

    private static void CompareDivision(TableDesign design, TableState state, TableChanges changes)
    {
        var present = state.PartitionColumns is { } columns ? string.Join(", ", columns) : null;
        if (present != design.PartitionColumn)
        {
            changes.Refuse(
                $"{Show(design)} is divided by {present ?? "nothing"}, the contract divides it by {design.PartitionColumn ?? "nothing"}",
                "put the partitioning back into the contract, or move the rows to a new table by a migration");
        }
    }

    private static void AddColumn(TableDesign design, ColumnDesign wanted, TableChanges changes)
    {
        if (wanted.Required)
        {
            changes.Refuse($"the column {Show(design, wanted.Name)} is new and required, and the rows that are there have no value",
                "leave 'required' out, give every row a value, then require it by a migration");
            return;
        }

        var limits = string.Concat(wanted.Limits.Select(limit => $" {TableStatements.Limit(limit)}"));
        changes.Add($"ALTER TABLE {design.QualifiedName} ADD COLUMN {TableStatements.Column(wanted)}{limits}");
    }

    private static void CompareColumn(
        TableDesign design, ColumnDesign wanted, TableState.Column present, TableState state, TableChanges changes)
    {
        if (present.Type != wanted.Type)
        {
            changes.Refuse($"the column {Show(design, wanted.Name)} is {present.Type}, the contract makes it {wanted.Type}",
                "put the type back into the contract, or change it by a migration");
            return;
        }

        if (wanted.Required && !present.Required)
        {
            changes.Refuse($"the column {Show(design, wanted.Name)} may be empty in the database and not in the contract",
                "leave 'required' out, or require it by a migration");
        }
        else if (!wanted.Required && present.Required)
            changes.Add($"ALTER TABLE {design.QualifiedName} ALTER COLUMN {Sql.Name(wanted.Name)} DROP NOT NULL");

        CompareLimits(design, wanted, state, changes);
    }

    private static void CompareLimits(TableDesign design, ColumnDesign wanted, TableState state, TableChanges changes)
    {
        foreach (var limit in wanted.Limits)
        {
            var bound = BoundOf(state, limit.Constraint);
            if (bound == limit.Bound)
            {
                // A widening that was interrupted between its two steps.
                if (!state.Constraints.First(constraint => constraint.Name == limit.Constraint).Validated)
                    changes.AddStep(Validate(design, limit));
            }
            else if (bound is { } narrower && limit.IsWiderThan(narrower))
            {
                changes.Add(
                    $"ALTER TABLE {design.QualifiedName} DROP CONSTRAINT {Sql.Name(limit.Constraint)}, " +
                    $"ADD {TableStatements.Limit(limit)} NOT VALID");
                changes.AddStep(Validate(design, limit));
            }
            else
            {
                changes.Refuse(
                    $"the contract narrows {Show(design, wanted.Name)} to " +
                    $"{(limit.IsUpper ? "at most" : "at least")} {Sql.Literal(limit.Bound)} " +
                    $"(now {(bound is { } old ? Sql.Literal(old) : "without a limit")})",
                    "put the limit back, or narrow it by a migration that deals with the rows beyond it");
            }
        }

        // A limit that the contract no longer has.
        string[] own = [.. new[] { "length", "minimum", "maximum" }.Select(limit => ObjectNames.Of(design.Name, wanted.Name, limit))];
        foreach (var surplus in own.Where(name => wanted.Limits.All(limit => limit.Constraint != name) && BoundOf(state, name) is not null))
            changes.Add($"ALTER TABLE {design.QualifiedName} DROP CONSTRAINT {Sql.Name(surplus)}");
    }

    private static string Validate(TableDesign design, LimitDesign limit) =>
        $"ALTER TABLE {design.QualifiedName} VALIDATE CONSTRAINT {Sql.Name(limit.Constraint)}";

    // The bound is the last number of the definition, however Postgres writes the rest: CHECK ((char_length(name) <= 200)).
    private static decimal? BoundOf(TableState state, string constraint) =>
        state.Constraints.FirstOrDefault(candidate => candidate.Kind == "c" && candidate.Name == constraint) is { } found
        && Number().Matches(found.Definition) is { Count: > 0 } numbers
            ? decimal.Parse(numbers[^1].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    private static string Show(TableDesign design) => $"{design.Schema}.{design.Name}";

    private static string Show(TableDesign design, string column) => $"{design.Schema}.{design.Name}.{column}";

    [GeneratedRegex(@"-?[0-9]+(\.[0-9]+)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
