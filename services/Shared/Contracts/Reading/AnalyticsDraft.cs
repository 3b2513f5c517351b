namespace Platform.Contracts.Reading;

/// <summary>The columns that <c>analytics</c> names, with their places.</summary>
internal sealed record AnalyticsDraft(Located<string> Measure, Located<string> Time, IReadOnlyList<Located<string>> Dimensions)
{
    public AnalyticsContract ToContract() => new(Measure.Value, Time.Value, [.. Dimensions.Select(dimension => dimension.Value)]);
}
