using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Routing;

/// <summary>Asks every data service for its node's role, position and lag, and replaces <see cref="NodeTable"/>'s snapshot.</summary>
internal sealed class NodeProbe(
    NodeTable table, IHttpClientFactory clients, IOptions<ReplicaRoutingOptions> options, TimeProvider clock, ILogger<NodeProbe> logger)
    : BackgroundService
{
    internal const string ClientName = "node-probe";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ProbeInterval, clock);
        do
        {
            var probed = await Task.WhenAll(options.Value.Nodes.Select(name => ProbeAsync(name, stoppingToken)));
            var written = probed.Where(n => n.IsPrimary).Select(n => n.Lsn).DefaultIfEmpty().Max();
            var before = table.Nodes;
            table.Replace([.. probed.Select(n => n with { LagBytes = n.IsPrimary || written < n.Lsn ? 0 : (long)(written - n.Lsn) })]);
            Report(before, probed);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<Node> ProbeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            var report = await client.GetFromJsonAsync<NodeReport>($"http://{name}/node", cancellationToken)
                ?? throw new JsonException("The answer is empty.");
            return new(
                name, report.Name, report.Error is null, report.IsPrimary, report.Timeline, report.Lsn, report.Position, report.LagMilliseconds,
                LagBytes: 0, Requests: 0, report.Cache, report.Error);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Node.Unknown(name) with { Detail = exception.Message };
        }
    }

    private void Report(ImmutableArray<Node> before, Node[] probed)
    {
        foreach (var node in probed)
        {
            var was = before.First(n => n.Name == node.Name);
            if (node.IsHealthy && !was.IsHealthy) logger.NodeUp(node.Name, node.IsPrimary ? "primary" : "replica");
            if (!node.IsHealthy && was.IsHealthy) logger.NodeDown(node.Name, node.Detail ?? "");
        }
    }

    private sealed record NodeReport(
        string Name, bool IsPrimary, uint Timeline, ulong Lsn, string Position, double LagMilliseconds, string? Error, NodeCache? Cache);
}
