using Platform.CdcAnalytics.Anomalies;
using Platform.CdcAnalytics.Series;

namespace Platform.CdcAnalytics.Alerts;

/// <summary>Looks at the series for rules.</summary>
internal sealed class RuleReader(IEnumerable<IMetricSource> sources, AnomalyWatch anomalies)
{
    // A score is a minute's, and comes when late events have had their time.
    private static readonly TimeSpan OldestScore = TimeSpan.FromMinutes(4);

    /// <summary>What each rule finds now; the series are read once for all rules of one span.</summary>
    public IEnumerable<(string Name, AlertRule Rule, IReadOnlyList<Finding> Findings)> Read(IDictionary<string, AlertRule> rules, DateTimeOffset now)
    {
        Dictionary<TimeSpan, ILookup<string, MetricPoint>> read = [];
        foreach (var (name, rule) in rules)
        {
            if (rule.Disabled) continue;
            if (!read.TryGetValue(rule.Over, out var points))
                read[rule.Over] = points = sources.SelectMany(source => source.Read(now - rule.Over, now)).ToLookup(point => point.Series, StringComparer.Ordinal);
            yield return (name, rule, [.. rule.Kind == AlertKind.Anomaly ? Unusual(rule, now) : Find(rule, points[rule.Series])]);
        }
    }

    private static IEnumerable<Finding> Find(AlertRule rule, IEnumerable<MetricPoint> series)
    {
        var any = false;
        foreach (var point in series)
        {
            if (!IsInScope(rule, point.Tenant)) continue;
            any = true;
            yield return rule.Kind == AlertKind.Absence
                ? new(point.Tenant, point.Value == 0, point.Value, point.Value == 0 ? $"{rule.Series} has been 0 for {rule.Over}" : $"{rule.Series} is {point.Value:0.###}")
                : new(point.Tenant, point.Value > rule.Above || point.Value < rule.Below, point.Value, Compared(rule, point.Value));
        }

        // Of tenants that nobody knows nothing is expected.
        if (!any && rule is { Kind: AlertKind.Absence, Scope: AlertScope.Platform }) yield return new(null, true, null, $"{rule.Series} has no value");
    }

    private IEnumerable<Finding> Unusual(AlertRule rule, DateTimeOffset now)
    {
        foreach (var (tenant, minute, score) in anomalies.Of(rule.Series))
        {
            if (IsInScope(rule, tenant) && now - minute < OldestScore)
                yield return new(tenant, score.IsAnomalous, score.Value, $"{rule.Series} was {score.Value:0.###} at {minute:HH:mm}; usual then is {score.Expected:0.###}");
        }
    }

    private static bool IsInScope(AlertRule rule, string? tenant) => (rule.Scope == AlertScope.Tenants) == (tenant is not null);

    private static string Compared(AlertRule rule, double value) =>
        value > rule.Above ? $"{rule.Series} is {value:0.###}, above {rule.Above:0.###}"
        : value < rule.Below ? $"{rule.Series} is {value:0.###}, below {rule.Below:0.###}"
        : $"{rule.Series} is {value:0.###}";
}
