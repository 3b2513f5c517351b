using Microsoft.Extensions.Options;

namespace Platform.Dashboard.Services;

/// <summary>Registration of the services' health.</summary>
internal static class ServiceExtensions
{
    public static IServiceCollection AddServiceHealth(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AspireDashboardOptions>, AspireDashboardOptionsValidator>();
        services.AddOptions<AspireDashboardOptions>()
            .BindConfiguration("AspireDashboard", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddHttpClient(ServiceHealthReader.ClientName, http => http.Timeout = TimeSpan.FromSeconds(3));
        services.AddSingleton<ServiceHealthReader>();
        return services;
    }
}
