namespace Aspire.Hosting.ApplicationModel;

/// <summary>Adds environment variables before a start.</summary>
internal sealed record EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> Callback) : IResourceAnnotation;

/// <summary>Adds arguments before a start.</summary>
internal sealed record CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> Callback) : IResourceAnnotation;

/// <summary>A dependency that must have reached a state.</summary>
internal sealed record WaitAnnotation(IResource Resource, WaitType Type, int ExitCode = 0) : IResourceAnnotation;

/// <summary>An address that must answer for the resource to be healthy.</summary>
internal sealed record HttpHealthCheckAnnotation(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

/// <summary>What a dependency must have done.</summary>
internal enum WaitType
{
    Healthy,
    Started,
    Completed,
}
