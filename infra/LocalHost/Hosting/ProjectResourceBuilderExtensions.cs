using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Processes of the application.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>A .NET project, by the path of its file relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddProject(name, projectPath, launchProfileName: null);

    /// <summary>As above. A launch profile is of no use here: nothing in one is needed.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, string? launchProfileName) =>
        builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new ProjectPathAnnotation(Path.GetFullPath(projectPath, builder.AppHostDirectory)));

    /// <summary>A program with its arguments.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory))).WithArgs(args ?? []);
}
