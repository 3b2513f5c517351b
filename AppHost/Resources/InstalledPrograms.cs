namespace Platform.AppHost.Resources;

/// <summary>What this machine can run.</summary>
internal static class InstalledPrograms
{
    /// <summary>True when <paramref name="program"/> is in a folder of PATH; java also below JAVA_HOME.</summary>
    public static bool Has(string program)
    {
        var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).ToList();
        if (program == "java" && Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } javaHome) folders.Add(Path.Combine(javaHome, "bin"));
        return folders.Exists(folder => File.Exists(Path.Combine(folder, file)));
    }
}
