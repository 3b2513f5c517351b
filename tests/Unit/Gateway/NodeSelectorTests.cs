using Microsoft.Extensions.Options;
using Platform.Gateway.Routing;
using Xunit;

namespace Platform.Unit.Gateway;

public sealed class NodeSelectorTests
{
    [Theory]
    // nodes: name, healthy, primary, lsn, lag in ms; the token's position; the expected order of candidates
    [InlineData("p:1:1:100:0 a:1:0:100:0", 0ul, "a p")] // a replica before the primary
    [InlineData("p:1:1:100:0 a:1:0:50:0 b:1:0:90:0", 80ul, "b a p")] // who has replayed the position first
    [InlineData("p:1:1:100:0 a:0:0:100:0 b:1:0:10:0", 0ul, "b p")] // no dead replica
    [InlineData("p:1:1:100:0 a:1:0:90:5000", 0ul, "p")] // no replica that lags too much
    [InlineData("p:0:1:100:0 a:1:0:100:0", 0ul, "a")] // replicas serve while the primary is away
    [InlineData("p:0:1:100:0 a:0:0:100:0", 0ul, "")]
    public void Reads_go_to(string nodes, ulong atLeast, string expected) =>
        Assert.Equal(expected, string.Join(' ', Selector(nodes).ForRead(atLeast)));

    [Theory]
    [InlineData("p:1:1:100:0 a:1:0:100:0", "p")]
    [InlineData("p:0:1:100:0 a:1:0:100:0", "")]
    public void Writes_go_to(string nodes, string expected) => Assert.Equal(expected, string.Join(' ', Selector(nodes).ForWrite()));

    [Fact]
    public void Replicas_take_turns()
    {
        var selector = Selector("p:1:1:9:0 a:1:0:9:0 b:1:0:9:0");
        var firsts = Enumerable.Range(0, 4).Select(_ => selector.ForRead(0)[0]).ToList();
        Assert.Equal(2, firsts.Count(n => n == "a"));
        Assert.Equal(2, firsts.Count(n => n == "b"));
    }

    private static NodeSelector Selector(string nodes)
    {
        var options = Options.Create(new ReplicaRoutingOptions { Nodes = ["p"] });
        var table = new NodeTable(options);
        table.Replace([.. nodes.Split(' ').Select(Parse)]);
        return new(table, options);
    }

    private static Node Parse(string text)
    {
        var parts = text.Split(':');
        return Node.Unknown(parts[0]) with
        {
            IsHealthy = parts[1] == "1", IsPrimary = parts[2] == "1", Lsn = ulong.Parse(parts[3]), LagMilliseconds = double.Parse(parts[4]),
        };
    }
}
