namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource with a name.</summary>
public abstract class Resource(string name) : IResource
{
    public string Name { get; } = name;

    public ResourceAnnotationCollection Annotations { get; } = [];
}
