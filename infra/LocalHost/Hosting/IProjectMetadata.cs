using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>What is known about a project resource's project.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Full path of its file.</summary>
    string ProjectPath { get; }

    /// <summary>True when it is built already. The local host never builds one.</summary>
    bool SuppressBuild => false;
}
