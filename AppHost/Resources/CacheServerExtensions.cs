using Platform.AppHost.Hosting;

namespace Platform.AppHost.Resources;

/// <summary>The cache, in the form that this machine can run.</summary>
internal static class CacheServerExtensions
{
    private const string RedisTag = "8.2";

    public static CacheServer AddCacheServer(this IDistributedApplicationBuilder builder, string name, PlatformSecrets secrets)
    {
        if (builder.UsesContainers())
        {
            var redis = builder.AddRedis(name, password: secrets.Cache).WithImageTag(RedisTag).WithDataVolume(builder.VolumeName(name));
            return new CacheServer(redis, redis);
        }

        var server = builder.AddNativeServer(name, "cache").WithIconName("TopSpeed").WithEnvironment("CACHE_PASSWORD", secrets.Cache);
        return new CacheServer(server, builder.AddHiddenConnectionString(
            $"{name}-connection", ReferenceExpression.Create($"{server.NativeAddress()},password={secrets.Cache}")));
    }
}
