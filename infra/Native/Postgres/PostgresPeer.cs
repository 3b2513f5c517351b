using System.Globalization;
using Platform.Cluster;
using Platform.Native.Processes;

namespace Platform.Native.Postgres;

/// <summary>Another node of a cluster, on the same machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Port">Its port on the loopback address.</param>
/// <param name="Folder">Its own folder.</param>
public sealed record PostgresPeer(string Name, int Port, string Folder)
{
    /// <summary>Name of the replication slot through which it follows a primary.</summary>
    public string Slot => Name.Replace('-', '_');

    /// <summary>What its folder says of it.</summary>
    public PostgresData Data => new(Path.Combine(Folder, "data"));

    /// <summary>Reads <c>{name}:{port}:{folder}</c>.</summary>
    /// <exception cref="NativeServerException">It has another form.</exception>
    public static PostgresPeer Parse(string text) => text.Split(':', 3) is [{ Length: > 0 } name, var port, { Length: > 0 } folder] && int.TryParse(port, CultureInfo.InvariantCulture, out var number)
        ? new(name, number, folder)
        : throw new NativeServerException($"'{text}' is no other node; --peer takes <name>:<port>:<folder>.");
}
