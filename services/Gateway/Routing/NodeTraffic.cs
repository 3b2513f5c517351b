using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Platform.Gateway.Routing;

/// <summary>How many requests each node has answered, published as <c>platform.gateway.requests</c> by node.</summary>
internal sealed class NodeTraffic : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _answered = new(StringComparer.Ordinal);
    private readonly Meter _meter = new("Platform.Gateway");
    private readonly Counter<long> _requests;

    public NodeTraffic() => _requests = _meter.CreateCounter<long>("platform.gateway.requests", description: "Requests for tenants' data by the node that answered.");

    public long Of(string node) => _answered.GetValueOrDefault(node);

    public void Answered(string node)
    {
        _answered.AddOrUpdate(node, 1, static (_, count) => count + 1);
        _requests.Add(1, new KeyValuePair<string, object?>("node", node));
    }

    public void Dispose() => _meter.Dispose();
}
