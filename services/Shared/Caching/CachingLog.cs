using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Platform.Caching;

/// <summary>Events 1100–1199. Ids and method names are public: alerts filter on them.</summary>
internal static partial class CachingLog
{
    [LoggerMessage(1100, LogLevel.Information, "Hearing invalidations: rows are kept in memory")]
    public static partial void Listening(this ILogger logger);

    [LoggerMessage(1101, LogLevel.Warning, "The {Connection} connection to the cache is down: nothing is kept in memory until it is back")]
    public static partial void Deaf(this ILogger logger, ConnectionType connection);

    [LoggerMessage(1102, LogLevel.Warning, "The cache cannot be used ({Reason}); rows are read from Postgres")]
    public static partial void StoreFailed(this ILogger logger, string reason);
}
