namespace Platform.CdcAnalytics.Slots;

/// <summary>There is a slot of that name which is somebody else's; the text says what to do.</summary>
internal sealed class SlotUnusableException(string message) : Exception(message);
