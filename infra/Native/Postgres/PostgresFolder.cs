using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>
/// Folder of one Postgres server: <c>data</c> below it, and the configuration files beside that. It belongs to the account that the
/// server runs as.
/// </summary>
internal sealed class PostgresFolder
{
    /// <summary>Where data goes when the server's account may not reach the wanted folder, as below <c>/root</c>.</summary>
    private const string Elsewhere = "/var/lib/platform-native";

    private PostgresFolder(string path, UnixAccount? account) => (FullPath, Account) = (path, account);

    public string FullPath { get; }

    public UnixAccount? Account { get; }

    public string Data => Path.Combine(FullPath, "data");

    public string Configuration => Path.Combine(FullPath, "postgresql.conf");

    public string Access => Path.Combine(FullPath, "pg_hba.conf");

    private string PidFile => Path.Combine(Data, "postmaster.pid");

    /// <summary>True when a server's data is there, complete.</summary>
    public bool HasData => File.Exists(Path.Combine(Data, "PG_VERSION"));

    /// <summary>Makes the folder and gives it to the server's account.</summary>
    public static async Task<PostgresFolder> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var account = UnixAccount.ForServers();
        var folder = new PostgresFolder(Path.GetFullPath(path), account);
        if (account is not null && !OperatingSystem.IsWindows() && !UnixAccount.CanReach(folder.FullPath)) folder = await ElsewhereAsync(folder.FullPath, account, cancellationToken);

        Directory.CreateDirectory(folder.FullPath);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.FullPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await folder.GiveAwayAsync(folder.FullPath, cancellationToken);

        var source = Path.Combine(AppContext.BaseDirectory, "postgres");
        File.Copy(Path.Combine(source, "postgresql.conf"), folder.Configuration, overwrite: true);
        File.Copy(Path.Combine(source, "pg_hba.conf"), folder.Access, overwrite: true);
        return folder;
    }

    /// <summary>Writes a file that only the server's account can read.</summary>
    public async Task<string> WriteSecretAsync(string name, string content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(FullPath, name);
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(path, options)) await writer.WriteAsync(content.AsMemory(), cancellationToken);
        await GiveAwayAsync(path, cancellationToken);
        return path;
    }

    /// <summary>
    /// Makes <see cref="Data"/> by <paramref name="make"/>, which gets another folder: a crash half-way leaves nothing that looks complete.
    /// </summary>
    public async Task CreateDataAsync(Func<string, Task> make)
    {
        var unfinished = Path.Combine(FullPath, "data.new");
        foreach (var folder in new[] { unfinished, Data })
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }

        await make(unfinished);
        Directory.Move(unfinished, Data);
    }

    /// <summary>Keeps the data as <c>data.diverged</c>, in place of what was kept so before.</summary>
    public void SetDataAside()
    {
        var kept = Path.Combine(FullPath, "data.diverged");
        if (Directory.Exists(kept)) Directory.Delete(kept, recursive: true);
        Directory.Move(Data, kept);
    }

    /// <summary>
    /// True when the server says in its <c>postmaster.pid</c> that clients may connect (line 8, as pg_ctl reads it), so that nobody
    /// has to try and fill its log with refusals.
    /// </summary>
    public bool AcceptsConnections()
    {
        try
        {
            return File.ReadLines(PidFile).ElementAtOrDefault(7)?.Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Stops a server that an earlier process left running on this data.</summary>
    public async Task StopLeftoverAsync(PostgresInstallation postgres, CancellationToken cancellationToken)
    {
        if (!File.Exists(PidFile)) return;

        var first = (await File.ReadAllLinesAsync(PidFile, cancellationToken)).FirstOrDefault();
        if (!int.TryParse(first, out var pid) || !IsPostgres(pid)) return;
        await Tool.RunAsync(postgres.Command("pg_ctl", "stop", "-D", Data, "-m", "immediate", "-w", "-t", "10"), Account, cancellationToken);
    }

    private bool IsPostgres(int pid)
    {
        try
        {
            // After a reboot the id may belong to anything: a server's working directory is its data folder.
            using var process = Process.GetProcessById(pid);
            if (!process.ProcessName.StartsWith("postgres", StringComparison.Ordinal)) return false;
            return !OperatingSystem.IsLinux() || new FileInfo($"/proc/{pid}/cwd").LinkTarget == Data;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private static async Task<PostgresFolder> ElsewhereAsync(string wanted, UnixAccount account, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..12];
        var target = Path.Combine(Elsewhere, id);
        if (new DirectoryInfo(wanted).LinkTarget != target)
        {
            // No link: the wanted folder is new or was emptied, and so must be what it stands for.
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            if (Directory.Exists(wanted)) Directory.Delete(wanted, recursive: true);
            Directory.CreateDirectory(Path.GetDirectoryName(wanted)!);
            Directory.CreateDirectory(target);
            Directory.CreateSymbolicLink(wanted, target);
        }

        var folder = new PostgresFolder(target, account);
        await folder.GiveAwayAsync(target, cancellationToken);
        return folder;
    }

    private async Task GiveAwayAsync(string path, CancellationToken cancellationToken)
    {
        if (Account is null) return;
        await Tool.RunAsync(new ProcessStartInfo("chown", [$"{Account.Name}:{Account.Group}", path]), account: null, cancellationToken);
    }
}
