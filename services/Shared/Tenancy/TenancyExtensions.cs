using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.ServiceDefaults.Identity;

namespace Platform.Tenancy;

/// <summary>Registration of the tenant directory.</summary>
public static class TenancyExtensions
{
    /// <summary>
    /// Adds <see cref="TenantDirectory"/>, followed at the service <c>schema</c>; the health check <c>tenant-directory</c> fails until it
    /// has answered once.
    /// </summary>
    public static IServiceCollection AddTenantDirectory(this IServiceCollection services)
    {
        services.AddLongPollClient(TenantDirectory.ClientName, "schema");
        services.AddSingleton<TenantDirectory>();
        services.AddHostedService<TenantDirectoryFollower>();
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "tenant-directory",
            provider => new ReadyCheck(provider.GetRequiredService<TenantDirectory>()),
            failureStatus: null, tags: null));
        return services;
    }

    private sealed class ReadyCheck(TenantDirectory directory) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(directory.Snapshot.Version >= 0
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, "The schema service has not answered yet."));
    }
}
