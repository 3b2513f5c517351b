namespace Platform.CdcAnalytics.Analytics;

/// <summary>An entity of one tenant by day and dimensions.</summary>
/// <param name="Measure">The column summed.</param>
/// <param name="Dimensions">The columns that divide the sums.</param>
/// <param name="Items">One item for each day and combination of values that has rows, by day.</param>
public sealed record DailyFigures(string Measure, IReadOnlyList<string> Dimensions, IReadOnlyList<DailyFigure> Items);
