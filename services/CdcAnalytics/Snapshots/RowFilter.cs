namespace Platform.CdcAnalytics.Snapshots;

/// <summary>A condition on rows.</summary>
/// <param name="Ordinal">The column.</param>
/// <param name="Operator">One of <see cref="Operators"/>' values.</param>
/// <param name="Value">What it is compared with, as text.</param>
internal sealed record RowFilter(int Ordinal, string Operator, string Value)
{
    /// <summary>SQL's operators, by the names that the data API has for them.</summary>
    public static IReadOnlyDictionary<string, string> Operators { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["eq"] = "=", ["neq"] = "<>", ["lt"] = "<", ["lte"] = "<=", ["gt"] = ">", ["gte"] = ">=",
    };
}
