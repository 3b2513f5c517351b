using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Alerts;
using Platform.CdcAnalytics.Series;

namespace Platform.CdcAnalytics.Anomalies;

/// <summary>
/// A detector for every series that an alert rule watches for unusual values, fed with each minute that is recorded. A new one first learns the minutes that the warehouse has, so a restart
/// forgets nothing.
/// </summary>
internal sealed class AnomalyWatch(MetricHistory history, IOptions<AlertOptions> alerts, IOptions<AnomalyOptions> options) : IMinuteListener
{
    private readonly HashSet<string> _watched =
        alerts.Value.Rules.Values.Where(rule => rule is { Kind: AlertKind.Anomaly, Disabled: false }).Select(rule => rule.Series).ToHashSet(StringComparer.Ordinal);

    private readonly Dictionary<(string Series, string? Tenant), AnomalyDetector> _detectors = [];
    private readonly ConcurrentDictionary<(string Series, string? Tenant), (DateTimeOffset Minute, AnomalyScore Score)> _scores = [];

    /// <summary>The last minute's score of every tenant of a series, and of the whole platform's.</summary>
    public IEnumerable<(string? Tenant, DateTimeOffset Minute, AnomalyScore Score)> Of(string series) =>
        _scores.Where(score => score.Key.Series == series).Select(score => (score.Key.Tenant, score.Value.Minute, score.Value.Score));

    public void Recorded(DateTimeOffset minute, IReadOnlyList<MetricPoint> points)
    {
        foreach (var point in points)
        {
            if (!_watched.Contains(point.Series)) continue;
            var key = (point.Series, point.Tenant);
            if (!_detectors.TryGetValue(key, out var detector)) _detectors[key] = detector = Learn(point, minute);
            _scores[key] = (minute, detector.Next(minute, point.Value));
        }
    }

    private AnomalyDetector Learn(MetricPoint point, DateTimeOffset before)
    {
        var detector = new AnomalyDetector(options.Value);
        foreach (var (minute, value) in history.Read(point.Series, point.Tenant))
        {
            if (minute < before) detector.Next(minute, value);
        }

        return detector;
    }
}
