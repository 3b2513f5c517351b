using Platform.ServiceDefaults.Identity;

namespace Platform.Dashboard.Overview;

/// <summary>Registration of the overview.</summary>
internal static class OverviewExtensions
{
    public static IServiceCollection AddOverview(this IServiceCollection services)
    {
        foreach (var service in new[] { PlatformReader.Gateway, PlatformReader.Cdc, PlatformReader.CacheService })
        {
            // Asked again in a second anyway, so nothing is retried.
            services.AddHttpClient(service, http =>
            {
                http.BaseAddress = new Uri($"http://{service}");
                http.Timeout = TimeSpan.FromSeconds(2);
            }).AddServiceIdentity();
        }

        services.AddSingleton<PlatformReader>();
        services.AddSingleton<PlatformMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<PlatformMonitor>());
        return services;
    }
}
