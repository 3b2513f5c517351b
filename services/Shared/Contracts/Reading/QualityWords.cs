namespace Platform.Contracts.Reading;

/// <summary>The words of ODCS quality rules.</summary>
internal static class QualityWords
{
    public static readonly string[] Metrics = ["nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"];

    public static readonly string[] Operators =
        ["mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan", "mustBeLessOrEqualTo"];

    public static readonly string[] Dimensions =
        ["accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"];

    public static readonly string[] Units = ["rows", "percent"];
}
