using Microsoft.Extensions.Options;

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
        services.AddSingleton<LogReader>();
        services.AddSingleton<CaptureState>();
        services.AddHealthChecks().AddCheck<CaptureState>("capture");
        services.AddHostedService<CaptureService>();
        services.AddHostedService<PositionPublisher>();
    }
}
