namespace Platform.SchemaService.Ddl;

/// <summary>Statements that belong together.</summary>
/// <param name="Contract">The contract that asks for them, and its version.</param>
/// <param name="ContractVersion">The contract's version.</param>
/// <param name="Statements">The statements, in order.</param>
/// <param name="InTransaction">False for a statement that Postgres runs outside transactions only.</param>
internal sealed record SchemaStep(string Contract, string ContractVersion, IReadOnlyList<string> Statements, bool InTransaction = true);
