namespace Platform.CdcAnalytics.Capture;

/// <summary>Changes were lost, and nobody has allowed starting over; the text says what was found and what to do.</summary>
internal sealed class LostChangesException(string message) : Exception(message);
