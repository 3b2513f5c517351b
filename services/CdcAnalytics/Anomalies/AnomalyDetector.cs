namespace Platform.CdcAnalytics.Anomalies;

/// <summary>
/// Tells a series' unusual minutes. Each value's residual is its distance from the <see cref="SeasonalBaseline"/> in robust standard deviations. Two
/// questions are asked of it, the two classical control charts: is it far out by itself (Shewhart, 1931), which finds spikes and failures; and have the last ones been off in one
/// direction, by their exponentially weighted mean (EWMA: Roberts, 1959), which finds shifts that no single minute proves.
/// Residuals enter the mean clipped (Huber, 1964), so that one spike is not mistaken for a shift, and the part of it that has lasted for long is taken off: a level that stays
/// becomes the usual one within some hours. Deterministic. Not thread-safe.
/// </summary>
/// <param name="options">How sensitive it is.</param>
internal sealed class AnomalyDetector(AnomalyOptions options)
{
    private readonly SeasonalBaseline _baseline = new();
    private readonly double _fastSpread = Math.Sqrt(options.Smoothing / (2 - options.Smoothing));
    private double _fast, _drift;

    /// <summary>Judges a minute's value and learns it.</summary>
    public AnomalyScore Next(DateTimeOffset minute, double value)
    {
        var scale = _baseline.At(minute);
        _baseline.Learn(minute, value);
        if (scale is not { } usual) return new(value, null, 0, 0, IsAnomalous: false);

        // The usual of a series that hardly moves is no measure for what matters.
        var deviation = Math.Max(usual.Deviation, Math.Max(options.SmallestDeviation, Math.Abs(usual.Median) * options.SmallestShare));
        var residual = ((value - usual.Median) / deviation) - _drift;
        var clipped = Math.Clamp(residual, -options.Clip, options.Clip);
        _fast += options.Smoothing * (clipped - _fast);
        _drift += options.Adaptation * clipped;

        var shift = _fast / _fastSpread;
        var isSpike = Math.Abs(residual) > options.Limit;
        // The mean remembers a shift that is over; the minute itself must be off as well, in the same direction.
        var isShift = Math.Abs(shift) > options.ShiftLimit && Math.Abs(residual) > options.ShiftResidual && Math.Sign(residual) == Math.Sign(shift);
        return new(value, usual.Median + (_drift * deviation), residual, shift, isSpike || isShift);
    }
}
