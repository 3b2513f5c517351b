namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port that a resource listens on.</summary>
public sealed class EndpointAnnotation(string name, string uriScheme, int? port, int? targetPort, string? env) : IResourceAnnotation
{
    public string Name { get; } = name;

    public string UriScheme { get; } = uriScheme;

    /// <summary>The wanted port; null for any free one.</summary>
    public int? Port { get; set; } = port;

    /// <summary>The port the process itself listens on. There is no proxy here, so it is the same one.</summary>
    public int? TargetPort { get; set; } = targetPort;

    /// <summary>Environment variable that gets the port.</summary>
    internal string? EnvironmentVariable { get; } = env;

    /// <summary>True for addresses that a person opens.</summary>
    public bool IsExternal { get; set; }

    /// <summary>The port in use, given before any resource starts.</summary>
    internal int? AllocatedPort { get; set; }
}
