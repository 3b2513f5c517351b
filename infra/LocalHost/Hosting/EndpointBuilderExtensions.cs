using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Ports of resources, and what answers on them.</summary>
public static class EndpointBuilderExtensions
{
    /// <summary>A port of any protocol.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The wanted port; null for any free one.</param>
    /// <param name="targetPort">The port of the process itself. There is no proxy here: given alone, it is the port.</param>
    /// <param name="scheme">Scheme of the address. Default: <c>tcp</c>.</param>
    /// <param name="name">Name of the endpoint. Default: the scheme.</param>
    /// <param name="env">Environment variable that gets the port.</param>
    /// <param name="isProxied">Taken for Aspire's sake; there is never a proxy here.</param>
    /// <param name="isExternal">True for addresses that a person opens.</param>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? scheme = null, string? name = null, string? env = null,
        bool? isProxied = null, bool? isExternal = null)
        where T : IResourceWithEndpoints
    {
        scheme ??= "tcp";
        return builder.WithAnnotation(new EndpointAnnotation(name ?? scheme, scheme, port, targetPort, env) { IsExternal = isExternal ?? false });
    }

    /// <summary>A port that speaks HTTP. A project listens on all of its own by <c>ASPNETCORE_URLS</c>.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints =>
        builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Marks the HTTP endpoints as ones that a person opens.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme == "http"))
            endpoint.IsExternal = true;
        return builder;
    }

    /// <summary>The address of an endpoint.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        new(builder.Resource, name);

    /// <summary>The resource is healthy when GET <paramref name="path"/> answers with <paramref name="statusCode"/> (200).</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints =>
        builder.WithAnnotation(new HttpHealthCheckAnnotation(path ?? "/", statusCode ?? 200, endpointName));
}
