using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Sources;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Registration of capture.</summary>
internal static class CaptureExtensions
{
    public static void AddCapture(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<CaptureOptions>, CaptureOptionsValidator>();
        services.AddOptions<CaptureOptions>()
            .BindConfiguration("Capture", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<CaptureSources>();
        services.AddSingleton<CaptureMetrics>();
        services.AddHealthChecks().AddCheck<CaptureHealth>("capture");
        if (builder.Configuration.GetValue("Capture:Enabled", defaultValue: true)) services.AddHostedService<CaptureService>();
    }
}
