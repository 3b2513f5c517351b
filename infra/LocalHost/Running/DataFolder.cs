namespace Aspire.Hosting.Running;

/// <summary>The folder of everything that stays, held by one host at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "host.lock";

    private readonly FileStream _lock;

    private DataFolder(FileStream held) => _lock = held;

    /// <summary>Takes the folder, and empties it when asked to.</summary>
    public static DataFolder Take(LocalHostSettings settings)
    {
        Directory.CreateDirectory(settings.Data);
        var path = Path.Combine(settings.Data, LockName);
        FileStream held;
        try
        {
            // The lock is the open file: the system gives it up with the process, however that ends.
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException(
                $"Another host runs on {settings.Data}. Stop it first (Ctrl-C in its terminal), or use another folder: --data <folder>.",
                exception);
        }

        if (settings.Reset) Empty(settings.Data);
        Directory.CreateDirectory(settings.Logs);
        return new DataFolder(held);
    }

    public void Dispose() => _lock.Dispose();

    private static void Empty(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } directory) directory.Delete(recursive: true);
            else if (entry.Name != LockName) entry.Delete();
        }
    }
}
