using Microsoft.Extensions.Logging;

namespace Platform.Tenancy;

/// <summary>Events 1000–1099. Ids and method names are public: alerts filter on them.</summary>
internal static partial class TenantDirectoryLog
{
    [LoggerMessage(1000, LogLevel.Information, "Tenant directory at version {Version} with {Count} tenants")]
    public static partial void Updated(this ILogger logger, long version, int count);

    [LoggerMessage(1001, LogLevel.Warning, "Tenant directory cannot be reached ({Reason}); version {Version} stays in use")]
    public static partial void Unreachable(this ILogger logger, string reason, long version);
}
