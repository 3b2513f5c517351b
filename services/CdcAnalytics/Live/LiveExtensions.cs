using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Requests;
using Platform.CdcAnalytics.Series;

namespace Platform.CdcAnalytics.Live;

/// <summary>Registration of the live metrics.</summary>
internal static class LiveExtensions
{
    public static void AddLive(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<LiveOptions>, LiveOptionsValidator>();
        services.AddOptions<LiveOptions>()
            .BindConfiguration("Live", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<LiveOptions>>().Value;
            return new LiveWindows(options.AllowedLateness, options.Idle, WindowLength.Longest + options.AllowedLateness + options.Idle + TimeSpan.FromMinutes(2));
        });
        services.AddFollower(LiveConsumer.Client, builder.Configuration);
        services.AddSingleton<LiveReader>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService<LiveConsumer>();
        services.AddSingleton<IMetricSource, LiveMetricSource>();
    }
}
