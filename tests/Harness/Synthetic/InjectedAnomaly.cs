namespace Platform.Harness.Synthetic;

/// <summary>Something unusual that was put into a series.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first minute.</param>
/// <param name="Length">How many minutes it lasts.</param>
public sealed record InjectedAnomaly(AnomalyKind Kind, int Start, int Length)
{
    /// <summary>True for a minute of it.</summary>
    public bool Contains(int minute) => minute >= Start && minute < Start + Length;
}

/// <summary>Kinds of anomalies.</summary>
public enum AnomalyKind
{
    /// <summary>Three times the usual for one to three minutes.</summary>
    Spike,

    /// <summary>Almost nothing for five to twenty minutes.</summary>
    Failure,

    /// <summary>60% more for half an hour to an hour.</summary>
    Rise,

    /// <summary>Half for half an hour to an hour.</summary>
    Fall,
}
