using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Caching;
using Platform.Replication;
using Platform.ServiceDefaults.Identity;

namespace Platform.DataService.Nodes;

/// <summary>What the gateway asks each node for before it routes.</summary>
internal static class NodeEndpoints
{
    public static void AddNode(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>();
        builder.Services.AddOptions<NodeOptions>()
            .BindConfiguration("Node", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        builder.Services.AddSingleton<NodeMonitor>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<NodeMonitor>());
    }

    public static void MapNode(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/node", Get).RequireAuthorization(Policies.Service).ExcludeFromDescription();

    private static Ok<NodeReport> Get(NodeMonitor monitor, CacheStatistics cache, IOptions<NodeOptions> options)
    {
        var state = monitor.State;
        return TypedResults.Ok(new NodeReport(
            options.Value.Name, options.Value.Cluster, state.IsPrimary, state.Timeline, state.Lsn, LsnText.Format(state.Lsn),
            state.Lag.TotalMilliseconds, state.Error, new(cache.MemoryHits, cache.SharedHits, cache.Misses, cache.RefusedFills)));
    }

    private sealed record NodeReport(
        string Name, string Cluster, bool IsPrimary, uint Timeline, ulong Lsn, string Position, double LagMilliseconds, string? Error,
        CacheReport Cache);

    private sealed record CacheReport(long MemoryHits, long SharedHits, long Misses, long RefusedFills);
}
