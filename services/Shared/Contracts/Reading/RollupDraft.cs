namespace Platform.Contracts.Reading;

/// <summary>What <c>rollups</c> names, with its places. The time is the one of <c>analytics</c> when none is written.</summary>
internal sealed record RollupDraft(
    Located<string> Name, Located<string>? Time, Located<string> Grain, IReadOnlyList<Located<string>> Dimensions, IReadOnlyList<(string Function, Located<string> Column)> Measures)
{
    /// <summary>The grain of a rollup that is not divided by time.</summary>
    public const string NoGrain = "none";

    public bool HasTime => Grain.Value != NoGrain;

    public RollupContract ToContract(AnalyticsDraft? analytics) => new(
        Name.Value, HasTime ? (Time ?? analytics!.Time).Value : null, Grain.Value, [.. Dimensions.Select(dimension => dimension.Value)],
        [.. Measures.Select(measure => new RollupMeasure(measure.Function, measure.Column.Value))]);
}
