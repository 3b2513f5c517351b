namespace Platform.AppHost.Resources;

/// <summary>A project by the full path of its file, run as the AppHost's own build left it.</summary>
internal sealed class BuiltProject(string path) : IProjectMetadata
{
    public string ProjectPath => path;

    /// <summary>
    /// Aspire builds a project that is added by its path again before each start, every process by itself: here thirteen builds at once, five
    /// of them of one project, in the same folders.
    /// </summary>
    public bool SuppressBuild => true;
}

/// <summary>Projects of the platform.</summary>
internal static class BuiltProjectExtensions
{
    /// <summary>Adds a project by its path relative to the AppHost's folder. What it runs with is said here, not in a launch profile of its own.</summary>
    public static IResourceBuilder<ProjectResource> AddBuiltProject(this IDistributedApplicationBuilder builder, string name, string path) =>
        builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new BuiltProject(Path.GetFullPath(path, builder.AppHostDirectory)))
            .WithProjectDefaults(new ProjectResourceOptions { ExcludeLaunchProfile = true });
}
