namespace Platform.CdcAnalytics.Publishing;

/// <summary>The Kafka client does not take a message; the text says why. Sending it again does not help.</summary>
internal sealed class MessageRefusedException(string message) : Exception(message);
