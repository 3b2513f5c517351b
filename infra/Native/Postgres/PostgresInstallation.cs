using System.Diagnostics;
using System.Globalization;
using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>The programs of an installed Postgres 15 or newer.</summary>
public sealed class PostgresInstallation
{
    /// <summary>Oldest major version that has what the platform needs.</summary>
    public const int OldestVersion = 15;

    private static readonly string[] Programs = ["postgres", "initdb", "pg_ctl", "pg_basebackup", "pg_controldata", "psql"];

    private PostgresInstallation(string folder, int version) => (Folder, Version) = (folder, version);

    /// <summary>Folder of the programs.</summary>
    public string Folder { get; }

    /// <summary>Major version.</summary>
    public int Version { get; }

    /// <summary>
    /// Finds the one in the folder that <c>POSTGRES_BIN</c> names; where it names none, the newest, first by PATH, then in the usual
    /// folders of Linux distributions, Homebrew and Windows.
    /// </summary>
    /// <exception cref="NativeServerException">There is none; the message names the command that installs it.</exception>
    public static async Task<PostgresInstallation> FindAsync(CancellationToken cancellationToken)
    {
        var tooOld = new List<string>();
        foreach (var folder in Candidates().Distinct(StringComparer.Ordinal))
        {
            if (!Array.TrueForAll(Programs, program => ExecutablePath.FindIn([folder], program) is not null)) continue;

            var version = await VersionAsync(ExecutablePath.FindIn([folder], "postgres")!, cancellationToken);
            if (version >= OldestVersion) return new PostgresInstallation(folder, version);
            tooOld.Add($"{folder} has {version}");
        }

        var found = tooOld.Count > 0 ? "only older ones were found: " + string.Join(", ", tooOld)
            : ChosenFolder is { } chosen ? $"POSTGRES_BIN names {chosen}, which has none" : "none was found";
        throw new NativeServerException(
            $"PostgreSQL {OldestVersion} or newer is needed and {found}. Install it: {InstallCommand()} " +
            "Or name the folder of its programs in POSTGRES_BIN.");
    }

    private static string? ChosenFolder => Environment.GetEnvironmentVariable("POSTGRES_BIN") is { Length: > 0 } chosen ? chosen : null;

    internal ProcessStartInfo Command(string program, params IEnumerable<string> arguments) => new(
        ExecutablePath.FindIn([Folder], program)!, arguments)
    {
        WorkingDirectory = Path.GetPathRoot(Folder)!,
    };

    private static IEnumerable<string> Candidates()
    {
        if (ChosenFolder is { } chosen)
        {
            // Whoever names a folder does not mean what happens to be installed elsewhere.
            yield return chosen;
            yield break;
        }

        if (ExecutablePath.Find("postgres") is { } onPath)
        {
            // A link may stand alone on PATH; its target has its siblings beside it.
            yield return Path.GetDirectoryName(File.ResolveLinkTarget(onPath, returnFinalTarget: true)?.FullName ?? onPath)!;
            yield return Path.GetDirectoryName(onPath)!;
        }

        // Debian and Ubuntu; Red Hat's own repository; openSUSE; Homebrew on Apple and Intel; the Windows installer.
        (string Root, string Pattern, string Bin)[] folders =
        [
            ("/usr/lib/postgresql", "*", "bin"), ("/usr", "pgsql-*", "bin"), ("/usr/lib", "postgresql*", "bin"), ("/usr/libexec", "postgresql*", ""),
            ("/opt/homebrew/opt", "postgresql@*", "bin"), ("/usr/local/opt", "postgresql@*", "bin"),
            (Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*", "bin"),
        ];
        foreach (var (root, pattern, bin) in folders)
        {
            if (!Directory.Exists(root)) continue;
            var newestFirst = Directory.EnumerateDirectories(root, pattern)
                .OrderByDescending(folder => folder, StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering));
            foreach (var folder in newestFirst) yield return Path.Combine(folder, bin);
        }
    }

    private static async Task<int> VersionAsync(string server, CancellationToken cancellationToken)
    {
        // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"; a beta says "18beta1".
        var text = await Tool.RunAsync(new ProcessStartInfo(server, ["--version"]), account: null, cancellationToken);
        var digits = text.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit).ToArray();
        return int.TryParse(digits, out var version) ? version : 0;
    }

    private static string InstallCommand()
    {
        if (OperatingSystem.IsMacOS()) return "brew install postgresql@17.";
        if (OperatingSystem.IsWindows()) return "winget install PostgreSQL.PostgreSQL.17.";

        (string Program, string Command)[] managers =
        [
            ("apt-get", "apt-get install postgresql"), ("dnf", "dnf install postgresql-server"), ("zypper", "zypper install postgresql-server"),
            ("pacman", "pacman -S postgresql"), ("apk", "apk add postgresql17"),
        ];
        var command = managers.FirstOrDefault(manager => ExecutablePath.Find(manager.Program) is not null).Command;
        if (command is null) return "see https://www.postgresql.org/download/.";
        return (Environment.IsPrivilegedProcess ? "" : "sudo ") + command + ".";
    }
}
