using Platform.CdcAnalytics.Sources;

namespace Platform.CdcAnalytics.Capture;

/// <summary>What capture does.</summary>
/// <param name="Sources">Each source; the first is the default one.</param>
internal sealed record CaptureReport(IReadOnlyList<SourceReport> Sources);
