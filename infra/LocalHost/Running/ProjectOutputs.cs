namespace Aspire.Hosting.Running;

/// <summary>
/// Where the build put each project: lines <c>project file=assembly</c> that the AppHost's build writes to <c>AppHost.projects</c>;
/// the first line is the AppHost's own.
/// </summary>
internal sealed class ProjectOutputs
{
    private const string FileName = "AppHost.projects";

    private readonly Dictionary<string, string> _assemblies = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private ProjectOutputs(string appHostDirectory) => AppHostDirectory = appHostDirectory;

    /// <summary>Folder of the AppHost's project.</summary>
    public string AppHostDirectory { get; }

    public static ProjectOutputs Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new DistributedApplicationException($"{path} is missing. Build the AppHost project: it writes the file.");

        var lines = File.ReadAllLines(path).Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2).ToList();
        var outputs = new ProjectOutputs(Path.GetDirectoryName(lines[0][0])!);
        foreach (var parts in lines) outputs._assemblies[Path.GetFullPath(parts[0])] = parts[1];
        return outputs;
    }

    /// <summary>The built assembly of a project.</summary>
    public string Assembly(string projectPath) => _assemblies.GetValueOrDefault(projectPath)
        ?? throw new DistributedApplicationException($"{projectPath} is not built with the AppHost. Add a ProjectReference to it in AppHost.csproj.");
}
