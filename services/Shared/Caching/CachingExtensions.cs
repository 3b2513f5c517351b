using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Platform.Caching;

/// <summary>Registration of the cache.</summary>
public static class CachingExtensions
{
    /// <summary>Adds <see cref="RowCache"/> on the connection <c>cache</c>.</summary>
    public static void AddRowCache(this IHostApplicationBuilder builder)
    {
        // Without the cache the service is slower, not broken: its health does not depend on it.
        builder.AddRedisClient("cache", settings => settings.DisableHealthChecks = true);
        builder.Services.AddSingleton<CacheStatistics>();
        builder.Services.AddSingleton<MemoryRowsListener>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<MemoryRowsListener>());
        builder.Services.AddSingleton<RowCache>();
    }
}
