using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Processes of the application.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>A .NET project, by the path of its file relative to the AppHost's folder. Its launch profile is of no use here: nothing in one is needed.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new ProjectMetadata(Path.GetFullPath(projectPath, builder.AppHostDirectory)))
            .WithProjectDefaults(new ProjectResourceOptions());

    /// <summary>Makes a resource with <see cref="IProjectMetadata"/> start as projects do. Here that follows from its type.</summary>
    public static IResourceBuilder<TProjectResource> WithProjectDefaults<TProjectResource>(
        this IResourceBuilder<TProjectResource> builder, ProjectResourceOptions options)
        where TProjectResource : class, IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithArgs => builder;

    /// <summary>A program with its arguments.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory))).WithArgs(args ?? []);

    private sealed record ProjectMetadata(string ProjectPath) : IProjectMetadata;
}
