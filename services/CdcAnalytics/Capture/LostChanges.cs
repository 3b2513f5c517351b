namespace Platform.CdcAnalytics.Capture;

/// <summary>What to do when changes can no longer be read from the log.</summary>
public enum LostChanges
{
    /// <summary>Read the tables anew, under a new slot; rows that are gone meanwhile are removed from the warehouse.</summary>
    Resnapshot,

    /// <summary>Stop, say so, and wait for a person to order it.</summary>
    Stop,
}
