namespace Aspire.Hosting.ApplicationModel;

/// <summary>A container. The local host runs none: such a resource fails with a message that says so.</summary>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string? Entrypoint { get; set; } = entrypoint;
}
