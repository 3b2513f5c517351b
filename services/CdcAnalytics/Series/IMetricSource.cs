namespace Platform.CdcAnalytics.Series;

/// <summary>
/// Whoever has figures that are worth keeping and alerting on: registered as a singleton of this interface, they are recorded once a minute and alert rules may name
/// them. It answers from memory, since it is asked every few seconds.
/// </summary>
public interface IMetricSource
{
    /// <summary>The values of a span of time, all series that the source has: a series that is left out has no value then, which is not the same as 0.</summary>
    /// <param name="from">Begin of the span. What is a level and no count gives its value now.</param>
    /// <param name="to">Its end, now or a little ago.</param>
    IEnumerable<MetricPoint> Read(DateTimeOffset from, DateTimeOffset to);
}
