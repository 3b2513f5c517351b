namespace Platform.CdcAnalytics.Alerts;

/// <summary>How soon somebody should look.</summary>
public enum AlertSeverity
{
    /// <summary>When there is time.</summary>
    Info,

    /// <summary>Today.</summary>
    Warning,

    /// <summary>Now.</summary>
    Critical,
}
