namespace Platform.SchemaService.Ddl;

/// <summary>A CHECK constraint that compares a column with one number.</summary>
/// <param name="Constraint">The constraint's name.</param>
/// <param name="Expression">The checked expression's left side.</param>
/// <param name="IsUpper">True for at most, false for at least.</param>
/// <param name="Bound">The number.</param>
internal sealed record LimitDesign(string Constraint, string Expression, bool IsUpper, decimal Bound)
{
    /// <summary>The constraint's definition.</summary>
    public string Definition => $"CHECK ({Expression} {(IsUpper ? "<=" : ">=")} {Sql.Literal(Bound)})";

    /// <summary>True when every value that kept to the other bound keeps to this one.</summary>
    public bool IsWiderThan(decimal other) => IsUpper ? Bound > other : Bound < other;
}
