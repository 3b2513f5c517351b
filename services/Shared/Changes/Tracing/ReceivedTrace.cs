using System.Diagnostics;

namespace Platform.Changes.Tracing;

/// <summary>The recorded span that published a transaction, as a consumer received it with the transaction's first message.</summary>
/// <param name="Context">The span.</param>
/// <param name="At">When the message was received.</param>
public sealed record ReceivedTrace(ActivityContext Context, DateTimeOffset At);
