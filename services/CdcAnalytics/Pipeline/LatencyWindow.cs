namespace Platform.CdcAnalytics.Pipeline;

/// <summary>Percentiles over the last thousand transactions. Not thread-safe.</summary>
internal sealed class LatencyWindow
{
    private readonly double[] _values = new double[1000];
    private int _count;

    public void Add(double milliseconds) => _values[_count++ % _values.Length] = milliseconds;

    /// <summary>The percentile, or null before the first value.</summary>
    public double? Percentile(double fraction)
    {
        var filled = Math.Min(_count, _values.Length);
        if (filled == 0) return null;
        var sorted = _values[..filled];
        Array.Sort(sorted);
        return sorted[(int)(fraction * (filled - 1))];
    }
}
