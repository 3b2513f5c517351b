namespace Platform.CdcAnalytics.Anomalies;

/// <summary>
/// What is usual at an hour of the week: <see cref="RobustScale"/> of the values that the same hour had in the last weeks, those of the minutes around included. While a series is too young for
/// that, the same hour of any day counts, then whatever there is. Not thread-safe.
/// </summary>
internal sealed class SeasonalBaseline
{
    private const int HoursOfWeek = 168, Weeks = 4, MinutesAnHour = 60, Enough = 90;

    // Compared with what they were a moment ago, the values of an hour change little: they are looked at again when the hour changes.
    private readonly Ring[] _ofWeek = [.. Enumerable.Range(0, HoursOfWeek).Select(_ => new Ring(Weeks * MinutesAnHour))];
    private readonly Ring[] _ofDay = [.. Enumerable.Range(0, 24).Select(_ => new Ring(7 * MinutesAnHour))];
    private readonly Ring _recent = new(180);
    private long _scaleHour = -1;
    private RobustScale? _scale;

    /// <summary>Learns a minute's value.</summary>
    public void Learn(DateTimeOffset minute, double value)
    {
        _ofWeek[HourOfWeek(minute)].Add(value);
        _ofDay[minute.UtcDateTime.Hour].Add(value);
        _recent.Add(value);
    }

    /// <summary>What is usual then; null while too little is known.</summary>
    public RobustScale? At(DateTimeOffset minute)
    {
        var hour = minute.ToUnixTimeSeconds() / 3600;
        // A young series learns within the hour.
        if (hour == _scaleHour && _scale is not null) return _scale;
        _scaleHour = hour;
        var known = _ofWeek[HourOfWeek(minute)].Count >= Enough ? _ofWeek[HourOfWeek(minute)]
            : _ofDay[minute.UtcDateTime.Hour].Count >= Enough ? _ofDay[minute.UtcDateTime.Hour]
            : _recent.Count >= Enough ? _recent : null;
        return _scale = known is null ? null : RobustScale.Of(known.Values);
    }

    private static int HourOfWeek(DateTimeOffset time) => ((int)time.UtcDateTime.DayOfWeek * 24) + time.UtcDateTime.Hour;
}
