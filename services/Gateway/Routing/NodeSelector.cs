using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Routing;

/// <summary>Chooses the nodes that a request may go to, best first.</summary>
internal sealed class NodeSelector(NodeTable table, IOptions<ReplicaRoutingOptions> options)
{
    private uint _turn;

    /// <summary>The node that takes writes, or none.</summary>
    public ImmutableArray<string> ForWrite() =>
        [.. table.Nodes.Where(n => n is { IsPrimary: true, IsHealthy: true }).Select(n => n.Name).Take(1)];

    /// <summary>
    /// Nodes for a read: replicas that are known to have replayed the position, in turn; then those that may have by the time the request
    /// arrives; the primary last, since it is the one node that cannot be added to.
    /// </summary>
    /// <param name="atLeast">LSN that the answer must cover; 0 for none.</param>
    public ImmutableArray<string> ForRead(ulong atLeast)
    {
        var nodes = table.Nodes;
        var longestLag = options.Value.MaxLag.TotalMilliseconds;
        var replicas = nodes.Where(n => n is { IsPrimary: false, IsHealthy: true } && n.LagMilliseconds <= longestLag).ToArray();
        var turn = replicas.Length == 0 ? 0 : (int)(Interlocked.Increment(ref _turn) % (uint)replicas.Length);
        return
        [
            .. replicas.Skip(turn).Concat(replicas.Take(turn)).OrderByDescending(n => n.Lsn >= atLeast).Select(n => n.Name),
            .. nodes.Where(n => n is { IsPrimary: true, IsHealthy: true }).Select(n => n.Name),
        ];
    }
}
