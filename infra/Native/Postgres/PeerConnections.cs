using Npgsql;

namespace Platform.Native.Postgres;

/// <summary>Connections of a node to the other nodes, as the role that replicas follow with.</summary>
internal sealed class PeerConnections : IAsyncDisposable
{
    public const string Role = "platform_replication";

    private readonly (PostgresPeer Peer, NpgsqlDataSource Source)[] _all;

    public PeerConnections(IEnumerable<PostgresPeer> peers, string password) => _all = [.. peers.Select(peer => (peer, NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = peer.Port, Username = Role, Password = password, Database = "platform", Timeout = 2, MaxPoolSize = 1, ApplicationName = "native-health",
    })))];

    /// <summary>The other node that takes writes now; null when none answers. Of two it is the one that was promoted last.</summary>
    public async Task<(PostgresPeer Peer, NpgsqlDataSource Source)?> FindPrimaryAsync(CancellationToken cancellationToken)
    {
        var asked = await Task.WhenAll(_all.Select(async one => (one.Peer, one.Source, IsPrimary: await IsPrimaryAsync(one.Source, cancellationToken))));
        var primaries = asked.Where(one => one.IsPrimary).ToArray();
        return primaries.Length == 0 ? null : primaries.Select(one => (one.Peer, one.Source)).MaxBy(one => one.Peer.Data.Timeline);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, source) in _all) await source.DisposeAsync();
    }

    private static async Task<bool> IsPrimaryAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = source.CreateCommand("SELECT NOT pg_is_in_recovery()");
            return await command.ExecuteScalarAsync(cancellationToken) is true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }
}
