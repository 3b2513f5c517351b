namespace Platform.AppHost.Resources;

/// <summary>A server of the Kafka protocol.</summary>
/// <param name="Server">What to wait for.</param>
/// <param name="Connection">How to connect: the bootstrap servers.</param>
/// <param name="IsDurable">True when what it acknowledged outlives it.</param>
internal sealed record KafkaServer(IResourceBuilder<IResource> Server, IResourceBuilder<IResourceWithConnectionString> Connection, bool IsDurable);
