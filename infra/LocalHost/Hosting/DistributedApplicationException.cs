namespace Aspire.Hosting;

/// <summary>The application cannot run as described; the message says what to do.</summary>
public sealed class DistributedApplicationException(string message) : Exception(message);
