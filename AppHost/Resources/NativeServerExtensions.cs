using Platform.AppHost.Hosting;

namespace Platform.AppHost.Resources;

/// <summary>Data stores as plain processes, and where their data lies.</summary>
internal static class NativeServerExtensions
{
    /// <summary>A server run by <c>infra/Native</c>. Clients connect to it directly, so its port is the real one.</summary>
    public static IResourceBuilder<ProjectResource> AddNativeServer(this IDistributedApplicationBuilder builder, string name, string kind)
    {
        var server = builder.AddBuiltProject(name, "../infra/Native/Native.csproj")
            .WithEndpoint(scheme: "tcp", name: "tcp", isProxied: false)
            .WithHttpEndpoint(name: "health", isProxied: false)
            .WithUrlForEndpoint("health", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithReadiness("health");
        var (port, health) = (server.GetEndpoint("tcp"), server.GetEndpoint("health"));
        return server.WithArgs(kind, "--data", builder.DataPath(name)).WithArgs(context =>
        {
            context.Args.Add("--port");
            context.Args.Add(port.Property(EndpointProperty.TargetPort));
            context.Args.Add("--health-port");
            context.Args.Add(health.Property(EndpointProperty.TargetPort));
        });
    }

    /// <summary>
    /// Where clients of a native server connect. It listens on 127.0.0.1, and where <c>localhost</c> is ::1 first, each connection by that
    /// name would first try an address on which nothing listens.
    /// </summary>
    public static ReferenceExpression NativeAddress(this IResourceBuilder<ProjectResource> server)
    {
        var endpoint = server.GetEndpoint("tcp");
        return ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.IPV4Host)}:{endpoint.Property(EndpointProperty.Port)}");
    }

    /// <summary>A path in the data folder.</summary>
    public static string DataPath(this IDistributedApplicationBuilder builder, params string[] parts) => Path.Combine([DataFolder.PathOf(builder), .. parts]);

    /// <summary>True for data stores in containers: setting <c>Infra</c>, by default where a container runtime answers.</summary>
    public static bool UsesContainers(this IDistributedApplicationBuilder builder) => builder.Configuration["Infra"] switch
    {
        "containers" => true,
        "native" => builder.ExecutionContext.IsPublishMode ? throw new DistributedApplicationException("Native servers are for one machine; what is published runs containers. Leave Infra out.") : false,
        { Length: > 0 } other => throw new DistributedApplicationException($"Infra is '{other}'; it can be 'containers' or 'native'."),
        _ => builder.ExecutionContext.IsPublishMode || ContainerRuntime.Find() is not null,
    };

    /// <summary>A connection string as a resource, of which Aspire's dashboard shows nothing: it has a password.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddHiddenConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression expression) =>
        builder.AddConnectionString(name, expression).WithInitialState(new CustomResourceSnapshot
        {
            ResourceType = "ConnectionString", Properties = [], IsHidden = true, State = KnownResourceStates.NotStarted,
        });
}
