using Microsoft.Extensions.Options;

namespace Platform.DemoLoad.Traffic;

/// <summary>Registration of the demo's visitors.</summary>
internal static class TrafficExtensions
{
    public static IServiceCollection AddTraffic(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<TrafficOptions>, TrafficOptionsValidator>();
        services.AddOptions<TrafficOptions>()
            .BindConfiguration("Demo", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddHostedService<TrafficService>();
        return services;
    }
}
