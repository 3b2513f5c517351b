namespace Platform.CdcAnalytics.Publishing;

/// <summary>A topic of the producer's client. Kept for as long as the producer.</summary>
/// <param name="Name">The topic's name.</param>
/// <param name="Pointer">The library's topic.</param>
internal sealed record TopicHandle(string Name, nint Pointer);
