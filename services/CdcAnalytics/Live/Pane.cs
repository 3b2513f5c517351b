namespace Platform.CdcAnalytics.Live;

/// <summary>What happened in one second, or in several added up.</summary>
internal sealed class Pane
{
    private DurationSketch? _durations;

    /// <summary>Events, or rows that came less rows that went.</summary>
    public double Count { get; private set; }

    /// <summary>Sum of the measure, in the API's units.</summary>
    public decimal Amount { get; private set; }

    /// <summary>How many of the events were failures.</summary>
    public double Errors { get; private set; }

    /// <summary>95th percentile of the durations in milliseconds; null when there are none.</summary>
    public double? P95 => _durations?.Percentile(0.95);

    public void Add(in Measurement measurement)
    {
        Count += measurement.Count;
        Amount += measurement.Amount;
        Errors += measurement.Errors;
        if (measurement.Duration is { } duration) (_durations ??= new()).Add(duration, measurement.Count);
    }

    public void Add(Pane other)
    {
        Count += other.Count;
        Amount += other.Amount;
        Errors += other.Errors;
        if (other._durations is { } durations) (_durations ??= new()).Add(durations);
    }
}
