namespace Platform.Contracts;

/// <summary>What analytics sums up over an entity.</summary>
/// <param name="Measure">The money or number column that is summed.</param>
/// <param name="Time">The timestamp or date column that gives a row its day.</param>
/// <param name="Dimensions">The columns by which the sums are divided.</param>
public sealed record AnalyticsContract(string Measure, string Time, IReadOnlyList<string> Dimensions);
