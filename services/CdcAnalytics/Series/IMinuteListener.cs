namespace Platform.CdcAnalytics.Series;

/// <summary>Whoever goes by whole minutes.</summary>
internal interface IMinuteListener
{
    /// <summary>A minute is over and written.</summary>
    void Recorded(DateTimeOffset minute, IReadOnlyList<MetricPoint> points);
}
