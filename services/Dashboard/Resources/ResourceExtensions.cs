namespace Platform.Dashboard.Resources;

/// <summary>Registration of what the local host tells.</summary>
internal static class ResourceExtensions
{
    public static void AddResources(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(HostClient.ClientName, http =>
        {
            http.Timeout = TimeSpan.FromSeconds(2);
            if (builder.Configuration["LOCALHOST_URL"] is { Length: > 0 } url) http.BaseAddress = new Uri(url);
        });
        builder.Services.AddSingleton<HostClient>();
    }
}
