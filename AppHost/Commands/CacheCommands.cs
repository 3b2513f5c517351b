namespace Platform.AppHost.Commands;

/// <summary>Commands of the cache.</summary>
internal static class CacheCommands
{
    public static void AddCacheCommands(this IResourceBuilder<IResource> cache, OperatorClient client) =>
        cache.WithCommand(
            "flush",
            "Flush",
            // Not FLUSHALL: what the cache service keeps in it would go along, and fills of rows that changed meanwhile would be accepted.
            context => client.PostAsync("/invalidations/flush", body: null, "The cache is empty; rows come back as they are read.", context.CancellationToken),
            new CommandOptions { Description = "Takes every row out of the cache, in the store and in the memory of each service.", IconName = "Broom" });
}
