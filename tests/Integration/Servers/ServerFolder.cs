namespace Platform.Integration.Servers;

/// <summary>A folder for the data of servers, removed with everything in it when disposed.</summary>
internal sealed class ServerFolder : IDisposable
{
    public ServerFolder()
    {
        FullPath = Directory.CreateTempSubdirectory("platform-servers-").FullName;
        // The account that servers run as has to pass through it.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(FullPath, File.GetUnixFileMode(FullPath) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string FullPath { get; }

    /// <summary>Path of what is called so in it.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
