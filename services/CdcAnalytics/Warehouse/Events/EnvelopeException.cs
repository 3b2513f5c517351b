using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>A message is no change event that the warehouse can apply; its text says why.</summary>
/// <param name="message">Why.</param>
/// <param name="source">Its source; null where that could not be read.</param>
/// <param name="position">Its place in the log, where that could be read.</param>
/// <param name="inner">What was caught, or null.</param>
internal sealed class EnvelopeException(string message, string? source, LogPosition? position, Exception? inner) : Exception(message, inner)
{
    /// <summary>Its source; null where that could not be read.</summary>
    public string? ChangeSource => source;

    /// <summary>Its place in the log, where that could be read.</summary>
    public LogPosition? Position => position;
}
