using Microsoft.Extensions.Options;
using Platform.SchemaService.Directory;

namespace Platform.SchemaService.Tenants;

/// <summary>Registration of tenants and their directory.</summary>
internal static class TenantExtensions
{
    public static IServiceCollection AddTenants(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PlacementOptions>, PlacementOptionsValidator>();
        services.AddOptions<PlacementOptions>()
            .BindConfiguration("Schema:Placement", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<DirectorySignal>();
        services.AddSingleton<DirectoryReader>();
        services.AddSingleton<TenantStore>();
        return services;
    }
}
