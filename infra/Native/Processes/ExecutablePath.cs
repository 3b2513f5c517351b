namespace Platform.Native.Processes;

/// <summary>Finds programs as a shell does.</summary>
internal static class ExecutablePath
{
    /// <summary>Full path of <paramref name="program"/> in one of the folders of PATH; null when in none.</summary>
    public static string? Find(string program) => FindIn(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), program);

    /// <summary>Full path of <paramref name="program"/> in the first of <paramref name="folders"/> that has it.</summary>
    public static string? FindIn(IEnumerable<string> folders, string program)
    {
        var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
