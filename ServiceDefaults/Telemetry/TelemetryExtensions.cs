using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>OpenTelemetry as every service has it; exported by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
internal static class TelemetryExtensions
{
    // The client packages would set up tracing and metrics of their own.
    private static readonly Dictionary<string, string?> Nothing = new(StringComparer.Ordinal)
    {
        ["Aspire:Npgsql:DisableTracing"] = "true",
        ["Aspire:Npgsql:DisableMetrics"] = "true",
        ["Aspire:StackExchange:Redis:DisableTracing"] = "true",
    };

    // An export that takes longer, in ms, is given up: the collector is beside the services or in the same network, and by default the SDK
    // waits for 10 s.
    private static readonly Dictionary<string, string?> Exporter = new(StringComparer.Ordinal) { ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "2000" };

    public static void AddPlatformTelemetry(this IHostApplicationBuilder builder)
    {
        var isExported = builder.Configuration.ExportsTelemetry();
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = isExported ? Exporter : Nothing });
        // Without an exporter nobody reads what the SDK would collect on every request.
        if (!isExported) return;

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Npgsql", "Platform.*"))
            .WithTracing(tracing => tracing
                .AddSource("Npgsql", "Platform.*", builder.Environment.ApplicationName)
                .AddProcessor<BackgroundCommandFilter>()
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation())
            .UseOtlpExporter();
        builder.Services.AddHostedService<TelemetryShutdown>();
    }

    private static bool IsProbe(string? path) => path is "/health" or "/alive";
}
