namespace Platform.DemoLoad.Seeding;

/// <summary>Events 8000–8099. Ids and method names are public: alerts filter on them.</summary>
internal static partial class SeedingLog
{
    [LoggerMessage(8000, LogLevel.Information, "Demo: {Entity} of {Tenant} loaded")]
    public static partial void Loaded(this ILogger logger, string entity, string tenant);

    [LoggerMessage(8001, LogLevel.Warning, "Demo: {Tenant} has no data yet ({Reason}); trying again")]
    public static partial void Retrying(this ILogger logger, string tenant, string reason);
}
