namespace Platform.Harness;

/// <summary>A folder for the data of servers, removed with everything in it when disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes it, below the system's folder for what is temporary.</summary>
    public TemporaryFolder()
    {
        FullPath = Directory.CreateTempSubdirectory("platform-").FullName;
        // The account that servers run as has to pass through it, or their data is put elsewhere and stays there.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(FullPath, File.GetUnixFileMode(FullPath) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Path of what is called so in it.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
