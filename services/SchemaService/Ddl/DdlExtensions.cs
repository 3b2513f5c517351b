namespace Platform.SchemaService.Ddl;

/// <summary>Registration of the application of contracts.</summary>
internal static class DdlExtensions
{
    /// <summary>Applies the contracts at start; the health check <c>schema</c> fails until that is done.</summary>
    public static IServiceCollection AddDdl(this IServiceCollection services)
    {
        services.AddSingleton<SchemaExecutor>();
        services.AddSingleton<SchemaApplier>();
        services.AddSingleton<DeploymentState>();
        services.AddHostedService<SchemaDeployment>();
        services.AddHealthChecks().AddCheck<DeploymentState>("schema");
        return services;
    }
}
