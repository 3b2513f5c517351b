namespace Platform.AppHost.Resources;

/// <summary>The platform's services and what they use; using something means waiting for it too.</summary>
internal static class ServiceExtensions
{
    /// <summary>A service of <c>services/</c>, with its health check and the key of the identity between services.</summary>
    public static IResourceBuilder<ProjectResource> AddService(
        this IDistributedApplicationBuilder builder, string name, string project, PlatformSecrets secrets, int? port = null)
    {
        var service = builder.AddBuiltProject(name, $"../services/{project}/{project}.csproj")
            .WithHttpEndpoint(port: port, name: "http")
            .WithHttpHealthCheck("/health")
            .WithEnvironment("Identity__Key", secrets.IdentityKey);
        // What is published runs in the environment of where it runs, not of who published it.
        if (builder.ExecutionContext.IsPublishMode) return service;
        return service
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName);
    }

    /// <summary>The port a person types: setting <c>{service}:Port</c>; null (any free one) when that is 0.</summary>
    public static int? Port(this IDistributedApplicationBuilder builder, string service, int usual)
    {
        var text = builder.Configuration[$"{service}:Port"];
        if (string.IsNullOrEmpty(text)) return usual;
        if (!ushort.TryParse(text, out var port)) throw new InvalidOperationException($"{service}:Port is '{text}'; it must be a port number, or 0 for any free one.");
        return port == 0 ? null : port;
    }

    /// <summary>Connects to a Postgres node as a role; the connection is called <c>platform</c> in every service.</summary>
    public static IResourceBuilder<ProjectResource> WithPostgres(this IResourceBuilder<ProjectResource> service, PostgresNode node, PostgresRole role) =>
        service.WithReference(node.Connection(role), "platform").WaitFor(node.Server);

    public static IResourceBuilder<ProjectResource> WithCache(this IResourceBuilder<ProjectResource> service, CacheServer cache) =>
        service.WithReference(cache.Connection, "cache").WaitFor(cache.Server);

    public static IResourceBuilder<ProjectResource> WithKafka(this IResourceBuilder<ProjectResource> service, KafkaServer kafka) =>
        service.WithReference(kafka.Connection, "kafka").WaitFor(kafka.Server);

    /// <summary>Calls another service by its name.</summary>
    public static IResourceBuilder<ProjectResource> WithService(this IResourceBuilder<ProjectResource> service, IResourceBuilder<ProjectResource> other) =>
        service.WithReference(other).WaitFor(other);

    public static IResourceBuilder<ProjectResource> WithServices(
        this IResourceBuilder<ProjectResource> service, IEnumerable<IResourceBuilder<ProjectResource>> others) =>
        others.Aggregate(service, (current, other) => current.WithService(other));

    /// <summary>Routes between the data services, one beside each Postgres node.</summary>
    public static IResourceBuilder<ProjectResource> WithDataNodes(
        this IResourceBuilder<ProjectResource> gateway, IReadOnlyList<IResourceBuilder<ProjectResource>> nodes)
    {
        for (var i = 0; i < nodes.Count; i++) gateway.WithEnvironment($"Gateway__ReplicaRouting__Nodes__{i}", nodes[i].Resource.Name);
        return gateway.WithServices(nodes);
    }
}
