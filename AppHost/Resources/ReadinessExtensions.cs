using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.AppHost.Hosting;

namespace Platform.AppHost.Resources;

/// <summary>Health of resources by their <c>/health</c>.</summary>
internal static class ReadinessExtensions
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The resource is healthy when <c>/health</c> of an endpoint answers with success.</summary>
    public static IResourceBuilder<ProjectResource> WithReadiness(this IResourceBuilder<ProjectResource> resource, string endpoint)
    {
        var key = $"{resource.Resource.Name}-ready";
        var check = new ReadinessCheck(resource.GetEndpoint(endpoint), Client, TimeProvider.System);
        resource.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(key, check, failureStatus: null, tags: null));
        return resource.WithHealthCheck(key);
    }
}
