namespace Platform.Harness.Telemetry;

/// <summary>A span that a service has sent.</summary>
/// <param name="Service">The service.</param>
/// <param name="Scope">The source.</param>
/// <param name="TraceId">Its trace.</param>
/// <param name="SpanId">The span.</param>
/// <param name="ParentId">The span above it; empty when there is none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">As OTLP numbers them: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="Links">The spans that it links to.</param>
/// <param name="Attributes">Its attributes.</param>
public sealed record ReceivedSpan(
    string Service, string Scope, string TraceId, string SpanId, string ParentId, string Name, int Kind, IReadOnlyList<string> Links, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A metric that a service has sent.</summary>
public sealed record ReceivedMetric(string Service, string Scope, string Name, string Unit);

/// <summary>A log record that a service has sent.</summary>
/// <param name="Service">The service.</param>
/// <param name="Scope">The category.</param>
/// <param name="Body">The message.</param>
/// <param name="Attributes">What was written into the message, by name.</param>
public sealed record ReceivedLog(string Service, string Scope, string Body, IReadOnlyDictionary<string, string> Attributes);
