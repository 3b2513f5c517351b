using Platform.Tenancy;

namespace Platform.SchemaService.Tenants;

/// <summary>Events 3200–3299. Ids and method names are public: alerts filter on them.</summary>
internal static partial class TenantLog
{
    [LoggerMessage(3200, LogLevel.Information, "Tenant {Tenant} created")]
    public static partial void Created(this ILogger logger, string tenant);

    [LoggerMessage(3201, LogLevel.Information, "Tenant {Tenant} is {Status}")]
    public static partial void StatusChanged(this ILogger logger, string tenant, TenantStatus status);

    [LoggerMessage(3202, LogLevel.Information, "Tenant {Tenant} and its rows removed")]
    public static partial void Deleted(this ILogger logger, string tenant);
}
