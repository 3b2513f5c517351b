namespace Platform.Harness;

/// <summary>Finds files of the repository from wherever the tests were built to.</summary>
public static class RepositoryFolder
{
    /// <summary>The folder that holds <c>Platform.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A folder beside the repository that may hold input too large or too foreign for it, or null.</summary>
    public static string? Beside(string path)
    {
        var folder = Path.GetFullPath(Path.Combine(Root, "..", path));
        return Directory.Exists(folder) ? folder : null;
    }

    /// <summary>The built AppHost that belongs to the tests' own build.</summary>
    public static string AppHost { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "AppHost", new DirectoryInfo(AppContext.BaseDirectory).Name, "AppHost.dll"));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.EnumerateFiles(folder.FullName, "*.sln").Any() && Directory.Exists(Path.Combine(folder.FullName, "contracts"))) return folder.FullName;
        }

        // A build may write elsewhere; then the tests run from the repository.
        return Directory.GetCurrentDirectory();
    }
}
