namespace Platform.SchemaService.Changes;

/// <summary>One statement that made the tables what they are.</summary>
/// <param name="Id">Grows with each statement.</param>
/// <param name="At">When its transaction began.</param>
/// <param name="Contract">The contract that asked for it.</param>
/// <param name="ContractVersion">The contract's version then.</param>
/// <param name="Statement">The SQL.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record SchemaChange(
    long Id, DateTimeOffset At, string Contract, string ContractVersion, string Statement, double Milliseconds);
