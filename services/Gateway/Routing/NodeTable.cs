using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Routing;

/// <summary>All nodes at the last probe: one immutable snapshot, swapped whole.</summary>
internal sealed class NodeTable(IOptions<ReplicaRoutingOptions> options)
{
    private ImmutableArray<Node> _nodes = [.. options.Value.Nodes.Select(Node.Unknown)];

    public ImmutableArray<Node> Nodes => _nodes;

    public void Replace(ImmutableArray<Node> nodes) => ImmutableInterlocked.InterlockedExchange(ref _nodes, nodes);

    /// <summary>Takes a node out until the next probe, when a request has found it dead.</summary>
    public void Fail(string name, string reason) => ImmutableInterlocked.Update(
        ref _nodes, nodes => [.. nodes.Select(n => n.Name == name ? n with { IsHealthy = false, Detail = reason } : n)]);
}
