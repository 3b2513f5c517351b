namespace Platform.CdcAnalytics.Alerts;

/// <summary>When somebody is told. <c>Alerts:Rules:{name}</c>; a name given again in another source of configuration changes what it names.</summary>
public sealed class AlertRule
{
    /// <summary>The series that is looked at, as <c>requests.errors</c>.</summary>
    public string Series { get; set; } = "";

    /// <summary>Of what. Default: the whole platform.</summary>
    public AlertScope Scope { get; set; }

    /// <summary>What makes it true. Default: a threshold.</summary>
    public AlertKind Kind { get; set; }

    /// <summary>For a threshold: true above this.</summary>
    public double? Above { get; set; }

    /// <summary>For a threshold: true below this.</summary>
    public double? Below { get; set; }

    /// <summary>The span that counts are taken over. Default: 1 min; at most 5 min.</summary>
    public TimeSpan Over { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the condition must be true without a break. Default: 0, at once.</summary>
    public TimeSpan For { get; set; }

    /// <summary>How soon somebody should look. Default: a warning.</summary>
    public AlertSeverity Severity { get; set; } = AlertSeverity.Warning;

    /// <summary>What it means and what to do, for whoever is told.</summary>
    public string Description { get; set; } = "";

    /// <summary>Words that silences and receivers go by.</summary>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>True to leave it out, for rules that come with the platform.</summary>
    public bool Disabled { get; set; }
}
