namespace Platform.Dashboard.Resources;

/// <summary>A line that a resource wrote.</summary>
/// <param name="At">When.</param>
/// <param name="Stream"><c>out</c> or <c>err</c>.</param>
/// <param name="Text">The line.</param>
internal sealed record ResourceLogLine(DateTimeOffset At, string Stream, string Text);
