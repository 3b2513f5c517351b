namespace Platform.Cluster;

/// <summary>
/// Where the log of a primary ends that was shut down cleanly: a file in its folder with the position of the shutdown checkpoint. It is
/// there while the server is down, and only when the stop was clean.
/// </summary>
public static class ShutdownPosition
{
    private const string FileName = "shutdown-position";

    /// <summary>
    /// The beginning of the last record of the log, as Postgres writes positions; null when the server runs, or did not stop cleanly.
    /// </summary>
    public static string? Find(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    public static void Write(string folder, string position) => File.WriteAllText(Path.Combine(folder, FileName), position);

    public static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));
}
