namespace Platform.CdcAnalytics.Analytics;

/// <summary>One day's figures for one combination of dimension values.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Dimensions">Value of each dimension, by column.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Total">Sum of the measure, in the API's units.</param>
public sealed record DailyFigure(DateOnly Day, IReadOnlyDictionary<string, string?> Dimensions, long Rows, decimal Total);
