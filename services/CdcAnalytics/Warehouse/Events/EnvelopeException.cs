using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>A message is no change event that the warehouse can apply; its text says why.</summary>
/// <param name="message">Why.</param>
/// <param name="position">Its place in the log, where that could be read.</param>
/// <param name="inner">What was caught, or null.</param>
internal sealed class EnvelopeException(string message, LogPosition? position, Exception? inner) : Exception(message, inner)
{
    /// <summary>Its place in the log, where that could be read.</summary>
    public LogPosition? Position => position;
}
