using System.Globalization;
using Platform.AppHost.Hosting;
using Platform.Local;

namespace Platform.AppHost.Resources;

/// <summary>The platform's services and what they use; using something means waiting for it too.</summary>
internal static class ServiceExtensions
{
    /// <summary>Folder of a published service's volume.</summary>
    private const string VolumeFolder = "/var/lib/platform";

    /// <summary>A service of <c>services/</c>, with its health check and the key of the identity between services.</summary>
    /// <param name="builder">The platform.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="project">Name of the project.</param>
    /// <param name="secrets">The platform's secrets.</param>
    /// <param name="port">Its port on this machine; null for any free one.</param>
    public static IResourceBuilder<ProjectResource> AddService(
        this IDistributedApplicationBuilder builder, string name, string project, PlatformSecrets secrets, int? port = null) =>
        builder.AddBuiltProject(name, $"../services/{project}/{project}.csproj")
            // Without Aspire's proxy: a service listens on its address itself, and a call takes one connection.
            .WithHttpEndpoint(port: port, name: "http", isProxied: builder.ExecutionContext.IsPublishMode)
            .WithReadiness("http")
            .WithEnvironment("Identity__Key", secrets.IdentityKey);

    /// <summary>The port that a person types: setting <c>{service}:Port</c>; null (any free one) when that is 0.</summary>
    /// <exception cref="DistributedApplicationException">It is no port, or another program listens on it.</exception>
    public static int? Port(this IDistributedApplicationBuilder builder, string service, int usual)
    {
        // What is published listens where it runs, on the port that the environment gives it.
        if (builder.ExecutionContext.IsPublishMode) return null;
        var text = builder.Configuration[$"{service}:Port"] is { Length: > 0 } set ? set : usual.ToString(CultureInfo.InvariantCulture);
        if (!ushort.TryParse(text, out var port)) throw new DistributedApplicationException($"{service}:Port is '{text}'; it must be a port number, or 0 for any free one.");
        if (port == 0) return null;
        return LoopbackPort.IsFree(port) ? port : throw new DistributedApplicationException(
            $"Port {port} of {service.ToLowerInvariant()} is taken by another program. Stop that program, or choose another port: --{service}:Port=<port> (0 for any free one).");
    }

    /// <summary>Connects to a Postgres node as a role; the connection is called <c>platform</c> in every service.</summary>
    public static IResourceBuilder<ProjectResource> WithPostgres(this IResourceBuilder<ProjectResource> service, PostgresNode node, PostgresRole role) =>
        service.WithReference(node.Connection(role), "platform").WaitFor(node.Server);

    /// <summary>Connects to a cluster's primary as a role, whichever node that is.</summary>
    public static IResourceBuilder<ProjectResource> WithPostgres(this IResourceBuilder<ProjectResource> service, PostgresCluster cluster, PostgresRole role) =>
        service.WithReference(cluster.PrimaryConnection(role), "platform").WaitFor(cluster.First.Server);

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

    /// <summary>Shows other services, healthy or not: they need not be there when it starts.</summary>
    public static IResourceBuilder<ProjectResource> WithServicesToShow(
        this IResourceBuilder<ProjectResource> dashboard, IEnumerable<IResourceBuilder<ProjectResource>> others) =>
        others.Aggregate(dashboard, (current, other) => current.WithReference(other));

    /// <summary>Routes between the data services, one beside each Postgres node.</summary>
    public static IResourceBuilder<ProjectResource> WithDataNodes(
        this IResourceBuilder<ProjectResource> gateway, IReadOnlyList<IResourceBuilder<ProjectResource>> nodes)
    {
        for (var i = 0; i < nodes.Count; i++) gateway.WithEnvironment($"Gateway__ReplicaRouting__Nodes__{i}", nodes[i].Resource.Name);
        return gateway.WithServices(nodes);
    }

    /// <summary>
    /// Settings that name files which must outlive the process: in the data folder here, in a volume of the service where it is published.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithDataFiles(this IResourceBuilder<ProjectResource> service, params (string Setting, string File)[] files)
    {
        var builder = service.ApplicationBuilder;
        var isPublished = builder.ExecutionContext.IsPublishMode;
        if (isPublished) service.WithPublishedVolume(builder.VolumeName(service.Resource.Name), VolumeFolder);
        foreach (var (setting, file) in files) service.WithEnvironment(setting, isPublished ? $"{VolumeFolder}/{file}" : builder.DataPath(file));
        return service;
    }

    /// <summary>A page that a person opens in a browser.</summary>
    public static IResourceBuilder<ProjectResource> WithPage(this IResourceBuilder<ProjectResource> service, string title) =>
        service.WithExternalHttpEndpoints().WithAnnotation(new PageAnnotation(title)).WithUrlForEndpoint("http", url => url.DisplayText = title);

    /// <summary>
    /// Who may call the platform: in Development anybody with a token that the gateway issues itself, published those whom an OpenID
    /// provider knows.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithCallers(this IResourceBuilder<ProjectResource> gateway, PlatformSecrets secrets)
    {
        var builder = gateway.ApplicationBuilder;
        return builder.ExecutionContext.IsPublishMode
            ? gateway.WithEnvironment("Authentication__Authority", builder.Input("identity-authority"))
            : gateway.WithEnvironment("DevTokens__SigningKey", secrets.AddTokenKey());
    }

    /// <summary>
    /// Who may look at the dashboard: in Development whoever reaches it, published an operator whom the OpenID provider knows.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithOperators(this IResourceBuilder<ProjectResource> dashboard)
    {
        var builder = dashboard.ApplicationBuilder;
        if (builder.ExecutionContext.IsRunMode) return dashboard.WithEnvironment("AspireDashboard__Url", builder.Configuration["ASPNETCORE_URLS"]?.Split(';')[0]);
        return dashboard
            .WithEnvironment("Authentication__Authority", builder.Input("identity-authority"))
            .WithEnvironment("Authentication__ClientId", builder.Input("dashboard-client-id"))
            .WithEnvironment("Authentication__ClientSecret", builder.Input("dashboard-client-secret", secret: true));
    }

    /// <summary>
    /// The demo: three shops and their traffic. It runs on this machine only, at once or, with <c>Demo:Enabled=false</c>, when somebody
    /// starts it.
    /// </summary>
    public static void AddDemo(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> gateway, PlatformSecrets secrets)
    {
        if (builder.ExecutionContext.IsPublishMode) return;
        var demo = builder.AddService("demo", "DemoLoad", secrets).WithService(gateway);
        if (builder.Configuration["Demo:Enabled"] == "false") demo.WithExplicitStart();

        // The same visitors in a number that fills two cores, for whoever wants to see the platform under load.
        builder.AddService("load", "DemoLoad", secrets)
            .WithService(gateway)
            .WithEnvironment("Demo__VisitsPerSecond", builder.Configuration["Load:VisitsPerSecond"] ?? "60")
            .WithEnvironment("Demo__MostVisitors", builder.Configuration["Load:MostVisitors"] ?? "64")
            .WithExplicitStart();
    }

    /// <summary>A value that whoever publishes the platform gives; one input however often it is asked for.</summary>
    private static IResourceBuilder<ParameterResource> Input(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.Resources.OfType<ParameterResource>().FirstOrDefault(parameter => parameter.Name == name) is { } known
            ? builder.CreateResourceBuilder(known)
            : builder.AddParameter(name, secret);
}
