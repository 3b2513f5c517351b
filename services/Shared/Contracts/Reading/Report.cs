namespace Platform.Contracts.Reading;

/// <summary>Collects what is wrong in one file.</summary>
internal sealed class Report(string file)
{
    private readonly List<ContractViolation> _violations = [];

    public string File => file;

    public IReadOnlyList<ContractViolation> Violations => _violations;

    public void Add(int line, string rule, string problem, string advice) => _violations.Add(new(file, line, rule, problem, advice));

    public void AddRange(IEnumerable<ContractViolation> violations) => _violations.AddRange(violations);
}
