namespace Platform.CdcAnalytics.Alerts;

/// <summary>Where an alert is in its life.</summary>
public enum AlertState
{
    /// <summary>The condition is true, but not yet for as long as the rule asks.</summary>
    Pending,

    /// <summary>It has been true for as long.</summary>
    Firing,

    /// <summary>It is no longer true.</summary>
    Resolved,
}
