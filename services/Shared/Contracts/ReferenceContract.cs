namespace Platform.Contracts;

/// <summary>A column that names a row of another entity of the same tenant.</summary>
/// <param name="Column">The referring column.</param>
/// <param name="Entity">The entity referred to.</param>
/// <param name="TargetColumn">That entity's key.</param>
public sealed record ReferenceContract(string Column, string Entity, string TargetColumn);
