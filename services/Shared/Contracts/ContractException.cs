namespace Platform.Contracts;

/// <summary>
/// The contracts cannot be used. Names everything that is wrong in all files, so that one look is enough to put it right.
/// </summary>
public sealed class ContractException(IReadOnlyList<ContractViolation> violations) : Exception(Describe(violations))
{
    /// <summary>What is wrong, by file and line.</summary>
    public IReadOnlyList<ContractViolation> Violations { get; } = violations;

    private static string Describe(IReadOnlyList<ContractViolation> violations) => string.Join(
        Environment.NewLine,
        violations.Select(violation => violation.ToString())
            .Prepend(violations.Count == 1 ? "The contracts have 1 mistake:" : $"The contracts have {violations.Count} mistakes:"));
}
