using Platform.Local;
using Platform.Native.Postgres;

namespace Platform.Integration.Servers;

/// <summary>Nodes of clusters that live as long as a test, with one password for every role.</summary>
internal static class PostgresNodes
{
    /// <summary>The node that makes the cluster. It knows of no other one unless it is told, and stays the primary.</summary>
    public static PostgresNode First(string folder, TextWriter log, string name = "postgres", int? port = null, params IReadOnlyList<PostgresPeer> peers) =>
        new(name, folder, port ?? LoopbackPort.Free(), peers, PostgresPasswords.Same(PlatformServers.Password), log, isFirst: true);

    /// <summary>A node that is cloned from another one.</summary>
    public static PostgresNode Replica(string folder, PostgresNode primary, TextWriter log, string name = "postgres-replica-1") =>
        new(name, folder, LoopbackPort.Free(), [primary.AsPeer], PostgresPasswords.Same(PlatformServers.Password), log);
}
