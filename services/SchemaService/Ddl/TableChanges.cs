namespace Platform.SchemaService.Ddl;

/// <summary>Collects what one table needs.</summary>
internal sealed class TableChanges(TableDesign design)
{
    private readonly List<string> _statements = [];
    private readonly List<SchemaStep> _laterSteps = [];
    private readonly List<SchemaConflict> _conflicts = [];

    public IReadOnlyList<SchemaConflict> Conflicts => _conflicts;

    /// <summary>The steps, those outside of transactions last.</summary>
    public IEnumerable<SchemaStep> Steps => _statements.Count == 0
        ? _laterSteps
        : _laterSteps.Prepend(new(design.Contract, design.ContractVersion, _statements));

    /// <summary>Adds a statement to the table's one transaction.</summary>
    public void Add(string statement) => _statements.Add(statement);

    /// <summary>Adds a transaction of its own after it.</summary>
    public void AddStep(params string[] statements) => _laterSteps.Add(new(design.Contract, design.ContractVersion, statements));

    /// <summary>Adds a statement that runs outside of transactions, after them.</summary>
    public void AddConcurrent(string statement) =>
        _laterSteps.Add(new(design.Contract, design.ContractVersion, [statement], InTransaction: false));

    public void Refuse(string difference, string advice) =>
        _conflicts.Add(new($"{design.Contract} {design.ContractVersion}", difference, advice));
}
