namespace Platform.CdcAnalytics.Olap;

/// <summary>An answer.</summary>
/// <param name="AsOf">It has every change up to this position of the log that the tenant is in.</param>
/// <param name="AgeMilliseconds">Age of the oldest change that it may lack; 0 when there is none.</param>
/// <param name="Fields">Its columns.</param>
/// <param name="Rows">Its rows, values in the order of the columns.</param>
/// <param name="Rollup">The rollup that it was read from; null when it was computed from the rows.</param>
internal sealed record OlapAnswer(ulong AsOf, double AgeMilliseconds, IReadOnlyList<OlapField> Fields, IReadOnlyList<object?[]> Rows, string? Rollup);

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its values.</param>
internal sealed record OlapField(string Name, Type Type);
