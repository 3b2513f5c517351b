namespace Platform.Contracts;

/// <summary>Figures of an entity that the warehouse keeps ready, one row for each tenant, period and combination of dimensions.</summary>
/// <param name="Name">The rollup's name, which no other has: its table in the warehouse is <c>rollup.&lt;name&gt;</c>.</param>
/// <param name="Time">The date or timestamp column that gives a row its period; null when it is not divided by time.</param>
/// <param name="Grain">The period: <c>day</c>, <c>week</c>, <c>month</c>, <c>quarter</c> or <c>year</c>.</param>
/// <param name="Dimensions">Columns of the entity, or of one that it refers to (<c>customers.country</c>), also over several references.</param>
/// <param name="Measures">What is kept beside the number of rows.</param>
public sealed record RollupContract(string Name, string? Time, string Grain, IReadOnlyList<string> Dimensions, IReadOnlyList<RollupMeasure> Measures);
