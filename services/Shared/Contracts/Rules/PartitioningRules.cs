using Platform.Contracts.Reading;

namespace Platform.Contracts.Rules;

/// <summary>A table is divided by a moment that every row has.</summary>
internal static class PartitioningRules
{
    // Leaves room for the month in a partition's name: _p2021_01.
    private const int LongestName = 54;

    public static IEnumerable<ContractViolation> Check(EntityDraft entity)
    {
        if (entity.Partitioning is not var (partitioning, line)) yield break;

        if (entity.Name.Value.Length > LongestName)
            yield return new(
                entity.File, entity.Name.Line, "name", "the name leaves no room for a partition's month",
                $"write at most {LongestName} characters");

        if (entity.Find(partitioning.Column) is not { } column)
        {
            yield return new(entity.File, line, "partition-column", $"'{partitioning.Column}' is no column",
                Spelling.Advise(partitioning.Column, [.. Suitable(entity)]));
        }
        else if (column.Contract is { Type: not (ColumnType.Date or ColumnType.Timestamp) })
            yield return new(
                entity.File, line, "partition-column", $"'{partitioning.Column}' is no date or timestamp",
                Spelling.OneOf([.. Suitable(entity)]));
        else if (column.Contract is { Required: false })
            yield return new(
                entity.File, column.Name.Line, "partition-column", $"a row may lack '{partitioning.Column}', by which the table is divided",
                "write 'required: true' in it");
    }

    private static IEnumerable<string> Suitable(EntityDraft entity) => entity.Columns
        .Where(column => column.Contract is { Type: ColumnType.Date or ColumnType.Timestamp })
        .Select(column => column.Name.Value)
        .DefaultIfEmpty("a required column of type date or timestamp");
}
