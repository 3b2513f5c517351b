namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that others connect to.</summary>
public interface IResourceWithEndpoints : IResource;
