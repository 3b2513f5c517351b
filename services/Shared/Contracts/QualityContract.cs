namespace Platform.Contracts;

/// <summary>One quality rule of a contract, in ODCS's library metrics.</summary>
/// <param name="Column">The column it is about, or null for the whole entity.</param>
/// <param name="Metric"><c>nullValues</c>, <c>missingValues</c>, <c>invalidValues</c>, <c>duplicateValues</c> or <c>rowCount</c>.</param>
/// <param name="Operator">The contract's comparison, <c>mustBe</c> for instance.</param>
/// <param name="Threshold">The number compared with.</param>
/// <param name="Dimension">ODCS quality dimension, <c>completeness</c> for instance.</param>
public sealed record QualityContract(string? Column, string Metric, string Operator, decimal Threshold, string? Dimension)
{
    /// <summary>What the threshold counts: <c>rows</c> or <c>percent</c> of the rows.</summary>
    public string Unit { get; init; } = "rows";

    /// <summary>Regular expression that the whole of a valid value matches, or null. For <c>invalidValues</c>.</summary>
    public string? Pattern { get; init; }

    /// <summary>The only valid values; empty when the column's own limits decide. For <c>invalidValues</c>.</summary>
    public IReadOnlyList<string> ValidValues { get; init; } = [];

    /// <summary>Values that stand for a missing one, besides null. For <c>missingValues</c>.</summary>
    public IReadOnlyList<string> MissingValues { get; init; } = [];
}
