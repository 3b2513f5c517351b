namespace Platform.CdcAnalytics.Alerts;

/// <summary>What makes a rule's condition true.</summary>
public enum AlertKind
{
    /// <summary>The value is above or below a limit.</summary>
    Threshold,

    /// <summary>The last minute was unusual for its hour of the week.</summary>
    Anomaly,

    /// <summary>There is no value, or nothing was counted.</summary>
    Absence,
}
