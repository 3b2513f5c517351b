namespace Platform.CacheService.Invalidation;

/// <summary>Events 6000–6099. Ids and method names are public: alerts filter on them.</summary>
internal static partial class InvalidationLog
{
    [LoggerMessage(6000, LogLevel.Information, "Invalidating the cache from {Partitions} partitions")]
    public static partial void Following(this ILogger logger, int partitions);

    [LoggerMessage(6001, LogLevel.Warning, "The cache was emptied: {Reason}")]
    public static partial void Flushed(this ILogger logger, string reason);

    [LoggerMessage(6002, LogLevel.Warning, "Invalidation was interrupted ({Reason}); it goes on from where it stood")]
    public static partial void Interrupted(this ILogger logger, string reason);

    [LoggerMessage(6003, LogLevel.Error, "The event at {Position} is no change event of this platform ({Reason}); it is passed over and the cache emptied")]
    public static partial void Unreadable(this ILogger logger, string position, string reason);
}
