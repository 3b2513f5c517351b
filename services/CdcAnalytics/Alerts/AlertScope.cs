namespace Platform.CdcAnalytics.Alerts;

/// <summary>Of what a rule looks at the series.</summary>
public enum AlertScope
{
    /// <summary>The whole platform's: one alert at most.</summary>
    Platform,

    /// <summary>Each tenant's: an alert for each at most.</summary>
    Tenants,
}
