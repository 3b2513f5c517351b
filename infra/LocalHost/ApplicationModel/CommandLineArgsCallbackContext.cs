namespace Aspire.Hosting.ApplicationModel;

/// <summary>Arguments of a resource, as they are collected before it starts.</summary>
public sealed class CommandLineArgsCallbackContext(IList<object> args, IResource resource)
{
    public IResource Resource { get; } = resource;

    /// <summary>Values are strings, or <see cref="IValueProvider"/>s.</summary>
    public IList<object> Args { get; } = args;
}
