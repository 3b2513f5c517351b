namespace Platform.CdcAnalytics.Alerts;

/// <summary>
/// All alerts and silences. A condition that is true makes an alert pending, one that has been true for as long as its rule asks fires, and when it is no longer
/// true the alert is resolved and forgotten after a while. Thread-safe.
/// </summary>
/// <param name="resolvedRetention">How long a resolved alert is kept.</param>
internal sealed class AlertBook(TimeSpan resolvedRetention)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Alert> _alerts = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Silence> _silences = [];

    /// <summary>Every alert.</summary>
    public IReadOnlyList<Alert> Alerts
    {
        get { lock (_gate) return [.. _alerts.Values]; }
    }

    /// <summary>Every silence that has not ended.</summary>
    public IReadOnlyList<Silence> Silences(DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var over in _silences.Values.Where(silence => silence.Until <= now).ToList()) _silences.Remove(over.Id);
            return [.. _silences.Values];
        }
    }

    /// <summary>Takes up what an earlier run knew. Alerts of rules that are gone are forgotten.</summary>
    public void Restore(IEnumerable<Alert> alerts, IEnumerable<Silence> silences, IDictionary<string, AlertRule> rules)
    {
        lock (_gate)
        {
            foreach (var alert in alerts.Where(alert => rules.TryGetValue(alert.Rule, out var rule) && !rule.Disabled)) _alerts[alert.Id] = alert;
            foreach (var silence in silences) _silences[silence.Id] = silence;
        }
    }

    /// <summary>Enters what was found for a rule.</summary>
    /// <returns>The alerts that have changed their state.</returns>
    public IReadOnlyList<Alert> Enter(string name, AlertRule rule, IReadOnlyList<Finding> findings, DateTimeOffset now)
    {
        List<Alert> changed = [];
        lock (_gate)
        {
            var seen = findings.ToDictionary(finding => finding.Tenant ?? "", StringComparer.Ordinal);
            foreach (var finding in findings)
            {
                var id = finding.Tenant is null ? name : $"{name}/{finding.Tenant}";
                var before = _alerts.GetValueOrDefault(id);
                if (finding.IsTrue) Set(True(name, rule, finding, before, now), before, changed);
                else if (before is not null) False(before, finding.Summary, finding.Value, now, changed);
            }

            // A series that has no value any more is neither above nor below anything.
            foreach (var before in _alerts.Values.Where(alert => alert.Rule == name && !seen.ContainsKey(alert.Tenant ?? "")).ToList())
                False(before, $"{before.Series} has no value", null, now, changed);
        }

        return changed;
    }

    /// <summary>Notes that a receiver was told of alerts as they were then.</summary>
    public void NoteTold(string receiver, IEnumerable<Alert> alerts, DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var told in alerts)
            {
                if (_alerts.TryGetValue(told.Id, out var alert)) _alerts[told.Id] = alert with { Told = alert.Told.SetItem(receiver, new(told.State, now)) };
            }
        }
    }

    public void Add(Silence silence)
    {
        lock (_gate) _silences[silence.Id] = silence;
    }

    /// <summary>False when there is no such silence.</summary>
    public bool Remove(Guid silence)
    {
        lock (_gate) return _silences.Remove(silence);
    }

    private static Alert True(string name, AlertRule rule, Finding finding, Alert? before, DateTimeOffset now)
    {
        var isNew = before is null or { State: AlertState.Resolved };
        var since = isNew ? now : before!.Since;
        var fires = before?.State == AlertState.Firing || now - since >= rule.For;
        return new()
        {
            Rule = name,
            Tenant = finding.Tenant,
            Series = rule.Series,
            Severity = rule.Severity,
            Labels = rule.Labels.AsReadOnly(),
            Description = rule.Description,
            State = fires ? AlertState.Firing : AlertState.Pending,
            Summary = finding.Summary,
            Value = finding.Value,
            Since = since,
            FiredAt = !fires ? null : before?.State == AlertState.Firing ? before.FiredAt : now,
            Told = before?.Told ?? [],
        };
    }

    private void False(Alert before, string summary, double? value, DateTimeOffset now, List<Alert> changed)
    {
        switch (before.State)
        {
            case AlertState.Pending when before.Told.IsEmpty:
            case AlertState.Resolved when now - before.ResolvedAt >= resolvedRetention:
                _alerts.Remove(before.Id);
                break;
            // One that fired before and was pending again is still to be told as resolved.
            case AlertState.Pending or AlertState.Firing:
                Set(before with { State = AlertState.Resolved, Summary = summary, Value = value, ResolvedAt = now }, before, changed);
                break;
        }
    }

    private void Set(Alert alert, Alert? before, List<Alert> changed)
    {
        _alerts[alert.Id] = alert;
        if (alert.State != before?.State) changed.Add(alert);
    }
}
