namespace Aspire.Hosting.Running;

/// <summary>The folder of everything that stays, held by one host at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "host.lock";

    private readonly FileStream _lock;
    private readonly string _announcement;

    private DataFolder(FileStream held, string path) => (_lock, _announcement) = (held, Path.Combine(path, "host.json"));

    /// <summary>Takes the folder, and empties it when asked to.</summary>
    public static DataFolder Take(LocalHostSettings settings)
    {
        Make(settings.Data);
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
        return new DataFolder(held, settings.Data);
    }

    /// <summary>Leaves word of a running host for tools: <c>host.json</c> with its address. It goes when the host stops.</summary>
    public void Announce(string url) => File.WriteAllText(_announcement, $$"""{"url":"{{url}}","pid":{{Environment.ProcessId}}}""" + "\n");

    public void Dispose()
    {
        File.Delete(_announcement);
        _lock.Dispose();
    }

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
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } directory) directory.Delete(recursive: true);
            else if (entry.Name != LockName) entry.Delete();
        }
    }
}
