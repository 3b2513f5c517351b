using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>Whether telemetry is wanted.</summary>
public static class TelemetryConfiguration
{
    /// <summary>
    /// True where a collector is configured (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>). Without one nothing is collected either.
    /// </summary>
    public static bool ExportsTelemetry(this IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
}
