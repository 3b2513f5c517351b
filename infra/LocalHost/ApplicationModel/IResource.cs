namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: something that runs, or a value that others need.</summary>
public interface IResource
{
    /// <summary>Its name, unique in the application.</summary>
    string Name { get; }

    /// <summary>Everything else that is known about it.</summary>
    ResourceAnnotationCollection Annotations { get; }
}
