namespace Platform.Contracts;

/// <summary>One thing that is wrong in a contract, and what to write instead.</summary>
/// <param name="File">The contract's file.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Rule">The rule's stable name, <c>unknown-reference</c> for instance.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Advice">What to write instead.</param>
public sealed record ContractViolation(string File, int Line, string Rule, string Problem, string Advice)
{
    /// <summary>One line in the form that editors and build logs link to the place: <c>file:line: rule: problem; advice</c>.</summary>
    public override string ToString() => $"{File}:{Line}: {Rule}: {Problem}; {Advice}";
}
