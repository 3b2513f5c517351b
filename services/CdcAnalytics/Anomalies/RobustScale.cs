namespace Platform.CdcAnalytics.Anomalies;

/// <summary>
/// Median and median absolute deviation: what is usual, and how far the usual strays from it. Up to half of the values may be anything without moving
/// them much (Hampel, 1974), so the outliers that are looked for do not hide themselves.
/// </summary>
/// <param name="Median">The middle value.</param>
/// <param name="Deviation">The median absolute deviation times 1.4826: for a normal distribution, its standard deviation.</param>
internal readonly record struct RobustScale(double Median, double Deviation)
{
    private const double ToStandardDeviation = 1.4826;

    /// <summary>The scale of some values; at least one.</summary>
    public static RobustScale Of(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var median = Middle(sorted);
        for (var i = 0; i < sorted.Length; i++) sorted[i] = Math.Abs(sorted[i] - median);
        Array.Sort(sorted);
        return new(median, Middle(sorted) * ToStandardDeviation);
    }

    private static double Middle(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
