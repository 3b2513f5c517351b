using Platform.AppHost.Resources;

namespace Platform.AppHost.Hosting;

/// <summary>
/// The folder of data, passwords and logs, used by one host at a time. Setting <c>Host:Data</c>, by default <c>.data</c> beside the
/// solution; <c>Host:Reset</c> empties it first.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "host.lock";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        (Path, _lock) = (path, held);
        Secrets = new SecretFile(System.IO.Path.Combine(path, SecretFile.Name));
        Directory.CreateDirectory(Logs);
    }

    public string Path { get; }

    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>Passwords and keys of the data beside it.</summary>
    public SecretFile Secrets { get; }

    /// <summary>Path of the folder of <paramref name="builder"/>'s platform.</summary>
    public static string PathOf(IDistributedApplicationBuilder builder) => System.IO.Path.GetFullPath(
        builder.Configuration["Host:Data"] is { Length: > 0 } chosen ? chosen : System.IO.Path.Combine(builder.AppHostDirectory, "..", ".data"));

    /// <summary>Takes the folder, and empties it when the settings say so.</summary>
    /// <exception cref="DistributedApplicationException">The folder cannot be made, or another host uses it.</exception>
    public static DataFolder Take(IDistributedApplicationBuilder builder)
    {
        var folder = PathOf(builder);
        Make(folder);
        var path = System.IO.Path.Combine(folder, LockName);
        FileStream held;
        try
        {
            // The open file is the lock: the system releases it with the process, however that ends.
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException(
                $"Another host runs on {folder}. Stop it first (Ctrl-C in its terminal), or use another folder: --data <folder>.", exception);
        }

        try
        {
            if (bool.TryParse(builder.Configuration["Host:Reset"], out var reset) && reset)
            {
                if (builder.UsesContainers()) ContainerVolumes.Remove(folder);
                Empty(folder);
            }

            return new DataFolder(folder, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Deletes the data of every server and service; secrets and logs stay. Nothing that uses the data may run.</summary>
    public void DeleteData()
    {
        foreach (var entry in Entries(Path).Where(entry => entry.FullName != Logs && entry.Name is not (SecretFile.Name or HostFile.Name))) Delete(entry);
    }

    public void Dispose() => _lock.Dispose();

    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The data folder cannot be made: {exception.Message} Use another one: --data <folder>.", exception);
        }
    }

    private static void Empty(string folder)
    {
        foreach (var entry in Entries(folder)) Delete(entry);
    }

    private static IEnumerable<FileSystemInfo> Entries(string folder) => new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(entry => entry.Name != LockName);

    // A link goes, what it leads to stays.
    private static void Delete(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo { LinkTarget: null } directory) directory.Delete(recursive: true);
        else entry.Delete();
    }
}
