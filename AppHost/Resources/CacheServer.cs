namespace Platform.AppHost.Resources;

/// <summary>A server of the Redis protocol.</summary>
/// <param name="Server">What to wait for.</param>
/// <param name="Connection">How to connect.</param>
internal sealed record CacheServer(IResourceBuilder<IResource> Server, IResourceBuilder<IResourceWithConnectionString> Connection);
