using System.Runtime.Versioning;

namespace Platform.Native.Processes;

/// <summary>An account of a Unix machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">Its primary group, by number.</param>
internal sealed record UnixAccount(string Name, string Group)
{
    /// <summary>
    /// The account for servers that refuse to run as root: <c>postgres</c> where it exists, else <c>nobody</c>. Null when this
    /// process is not root and servers can run as it.
    /// </summary>
    public static UnixAccount? ForServers()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess) return null;

        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        var fields = accounts.Find(account => account[0] == "postgres") ?? accounts.Find(account => account[0] == "nobody")
            ?? throw new NativeServerException("Postgres refuses to run as root, and there is no account 'postgres'. Create one: useradd --system postgres");
        return new UnixAccount(fields[0], fields[3]);
    }

    /// <summary>True when the account may pass through every folder above <paramref name="folder"/>.</summary>
    [UnsupportedOSPlatform("windows")]
    public static bool CanReach(string folder)
    {
        for (var parent = Directory.GetParent(folder); parent is not null; parent = parent.Parent)
        {
            if (parent.Exists && !File.GetUnixFileMode(parent.FullName).HasFlag(UnixFileMode.OtherExecute)) return false;
        }

        return true;
    }
}
