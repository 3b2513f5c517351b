namespace Platform.CdcAnalytics.Live;

/// <summary>
/// Counts of durations in buckets whose bounds grow by a constant factor, so that a percentile is off by 2% at most, whatever it is, and sketches of
/// several seconds add up to the sketch of their sum (DDSketch: Masson, Rim, Lee, 2019). Not thread-safe.
/// </summary>
internal sealed class DurationSketch
{
    // (1 + accuracy) / (1 - accuracy) for 2%.
    private const double Growth = 1.02 / 0.98, Smallest = 0.001;
    private static readonly double LogGrowth = Math.Log(Growth);

    private readonly SortedDictionary<int, double> _buckets = [];

    /// <summary>Sum of the weights.</summary>
    public double Count { get; private set; }

    /// <summary>Adds a duration in milliseconds.</summary>
    public void Add(double milliseconds, double weight = 1)
    {
        var bucket = (int)Math.Ceiling(Math.Log(Math.Max(Smallest, milliseconds)) / LogGrowth);
        _buckets[bucket] = _buckets.GetValueOrDefault(bucket) + weight;
        Count += weight;
    }

    /// <summary>Adds everything that another one has.</summary>
    public void Add(DurationSketch other)
    {
        foreach (var (bucket, count) in other._buckets) _buckets[bucket] = _buckets.GetValueOrDefault(bucket) + count;
        Count += other.Count;
    }

    /// <summary>The duration that this share of all does not exceed, or null when there is none.</summary>
    public double? Percentile(double fraction)
    {
        if (Count <= 0) return null;
        var left = fraction * Count;
        var last = 0;
        foreach (var (bucket, count) in _buckets)
        {
            last = bucket;
            left -= count;
            if (left <= 0) break;
        }

        // The value in the middle of the bucket, relative to its bounds.
        return 2 * Math.Pow(Growth, last) / (1 + Growth);
    }
}
