namespace Platform.AppHost.Resources;

/// <summary>Data stores as plain processes, and where their data lies.</summary>
internal static class NativeServerExtensions
{
    /// <summary>A server run by <c>infra/Native</c>. Clients connect to it directly, so its port is the real one.</summary>
    public static IResourceBuilder<ProjectResource> AddNativeServer(this IDistributedApplicationBuilder builder, string name, string kind, string dataPath)
    {
        var server = builder.AddBuiltProject(name, "../infra/Native/Native.csproj")
            .WithEndpoint(scheme: "tcp", name: "tcp", isProxied: false)
            .WithHttpEndpoint(name: "health", isProxied: false)
            .WithHttpHealthCheck("/health", endpointName: "health");
        var (port, health) = (server.GetEndpoint("tcp"), server.GetEndpoint("health"));
        return server.WithArgs(kind, "--data", dataPath).WithArgs(context =>
        {
            context.Args.Add("--port");
            context.Args.Add(port.Property(EndpointProperty.TargetPort));
            context.Args.Add("--health-port");
            context.Args.Add(health.Property(EndpointProperty.TargetPort));
        });
    }

    /// <summary>
    /// Where clients of a native server connect. It listens on 127.0.0.1, and where <c>localhost</c> means ::1 first, each connection by that
    /// name would first try an address on which nothing listens.
    /// </summary>
    public static ReferenceExpression NativeAddress(this IResourceBuilder<ProjectResource> server)
    {
        var endpoint = server.GetEndpoint("tcp");
        return ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.IPV4Host)}:{endpoint.Property(EndpointProperty.Port)}");
    }

    /// <summary>A path below the folder of everything that stays: setting <c>LocalHost:Data</c>, by default <c>.data</c> beside the solution.</summary>
    public static string DataPath(this IDistributedApplicationBuilder builder, params string[] parts)
    {
        var root = builder.Configuration["LocalHost:Data"] is { Length: > 0 } chosen ? chosen : Path.Combine(builder.AppHostDirectory, "..", ".data");
        return Path.GetFullPath(Path.Combine([root, .. parts]));
    }

    /// <summary>
    /// True for data stores in containers: setting <c>Infra</c>, by default where Aspire and a container runtime are there.
    /// </summary>
    public static bool UsesContainers(this IDistributedApplicationBuilder builder) => builder.Configuration["Infra"] switch
    {
        "containers" => true,
        "native" => false,
        { Length: > 0 } other => throw new InvalidOperationException($"Infra is '{other}'; it can be 'containers' or 'native'."),
        _ => builder.ExecutionContext.IsPublishMode || (AspireHost.IsUsed && ContainerRuntime.Answers),
    };
}
