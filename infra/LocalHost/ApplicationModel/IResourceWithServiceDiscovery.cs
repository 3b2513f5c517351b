namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource whose address others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
