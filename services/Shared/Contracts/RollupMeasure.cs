namespace Platform.Contracts;

/// <summary>A figure of a rollup.</summary>
/// <param name="Function"><c>sum</c>, <c>count</c>, <c>min</c>, <c>max</c> or <c>avg</c>.</param>
/// <param name="Column">A column of the entity's own.</param>
public sealed record RollupMeasure(string Function, string Column);
