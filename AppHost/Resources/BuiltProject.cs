using System.Reflection;

namespace Platform.AppHost.Resources;

/// <summary>A project by the full path of its file, run as the AppHost's own build left it.</summary>
internal sealed class BuiltProject(string path) : IProjectMetadata
{
    public string ProjectPath => path;

    /// <summary>Aspire would build a project that is added by its path again before each start, every process by itself.</summary>
    public bool SuppressBuild => true;
}

/// <summary>Projects of the platform.</summary>
internal static class BuiltProjectExtensions
{
    // Many processes share one machine: one heap each, collected by the thread that allocates, and no profiling of code that runs seldom.
    private static readonly (string Name, string Value)[] SmallProcess =
    [
        ("DOTNET_gcServer", "0"),
        ("DOTNET_gcConcurrent", "0"),
        // Hexadecimal: 4 MB of new objects before a collection. The default grows with the processor's cache, in each process.
        ("DOTNET_GCgen0size", "400000"),
        ("DOTNET_TieredPGO", "0"),
    ];

    /// <summary>
    /// Adds a project by its path relative to the AppHost's folder. What it runs with is said here, not in a launch profile of its own.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddBuiltProject(this IDistributedApplicationBuilder builder, string name, string path)
    {
        var file = Path.GetFullPath(path, builder.AppHostDirectory);
        var project = builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new BuiltProject(file))
            .WithProjectDefaults(new ProjectResourceOptions { ExcludeLaunchProfile = true });
        // What is published runs with the settings of where it runs, not of who published it.
        if (builder.ExecutionContext.IsPublishMode) return project;

        // Aspire starts a project with `dotnet run`, a process that stays beside each service and takes 75 MB.
        project.WithAnnotation(new ExecutableAnnotation { Command = DotnetPath(), WorkingDirectory = Path.GetDirectoryName(file)! }).WithArgs(AssemblyOf(file));
        foreach (var (variable, value) in SmallProcess) project.WithEnvironment(variable, value);
        return project
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName);
    }

    private static string DotnetPath() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    private static string AssemblyOf(string projectFile)
    {
        var key = $"Started:{Path.GetFileNameWithoutExtension(projectFile)}";
        return typeof(BuiltProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value
            ?? throw new DistributedApplicationException($"{projectFile} is not built with the AppHost. Add a ProjectReference to it in AppHost.csproj.");
    }
}
