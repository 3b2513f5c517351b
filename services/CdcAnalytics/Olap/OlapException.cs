namespace Platform.CdcAnalytics.Olap;

/// <summary>A question that cannot be asked; the text tells the caller what to write.</summary>
internal sealed class OlapException(string message) : Exception(message);
