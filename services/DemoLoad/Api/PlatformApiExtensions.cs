namespace Platform.DemoLoad.Api;

/// <summary>Registration of the platform's API.</summary>
internal static class PlatformApiExtensions
{
    public static IServiceCollection AddPlatformApi(this IServiceCollection services)
    {
        services.AddHttpClient(PlatformApi.ClientName, http => http.BaseAddress = new Uri($"http://{PlatformApi.ClientName}"));
        return services.AddSingleton<PlatformApi>();
    }
}
