namespace Platform.SchemaService.Ddl;

/// <summary>A difference between a contract and a table that is not put right by itself.</summary>
/// <param name="Contract">The contract and its version, <c>orders 1.1.0</c>.</param>
/// <param name="Difference">What differs.</param>
/// <param name="Advice">What to do.</param>
internal sealed record SchemaConflict(string Contract, string Difference, string Advice)
{
    public override string ToString() => $"{Contract}: {Difference}; {Advice}";
}
