using System.Text.Json.Serialization;

namespace Aspire.Hosting.Running;

/// <summary>A line that a resource wrote.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Stream"><c>out</c> or <c>err</c>.</param>
/// <param name="Text">The line, without secrets.</param>
internal sealed record LogLine([property: JsonPropertyName("at")] DateTimeOffset At, string Stream, string Text);
