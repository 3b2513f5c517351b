namespace Platform.Dashboard.Charts;

/// <summary>The last values of a series, oldest first. Immutable.</summary>
public sealed record History(IReadOnlyList<double> Values)
{
    private const int Longest = 120;

    public static History Empty { get; } = new([]);

    public double? Last => Values.Count == 0 ? null : Values[^1];

    public History With(double value) => new([.. Values.Skip(Math.Max(0, Values.Count + 1 - Longest)), value]);
}
