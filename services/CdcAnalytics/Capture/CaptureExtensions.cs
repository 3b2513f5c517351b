using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Slots;
using Platform.CdcAnalytics.Snapshots;

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
        services.AddSingleton<SlotStarter>();
        services.AddSingleton<SourceStateFile>();
        services.AddSingleton<SourceKeeper>();
        services.AddSingleton<SnapshotControl>();
        services.AddSingleton<SnapshotAnnouncer>();
        services.AddSingleton<CaptureState>();
        services.AddSingleton<SlotWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<SlotWatch>());
        services.AddSingleton<CaptureMetrics>();
        services.AddHealthChecks().AddCheck<CaptureState>("capture");
        services.AddHostedService<CaptureService>();
        services.AddHostedService<PositionPublisher>();
    }
}
