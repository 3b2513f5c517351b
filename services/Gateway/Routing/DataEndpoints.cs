using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Gateway.Forwarding;
using Platform.Replication;
using Platform.ServiceDefaults.Identity;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Routing;

/// <summary>The tenants' data: writes to the primary's data service, reads to a replica's that is new enough.</summary>
internal static class DataEndpoints
{
    private const string ClientName = "nodes";

    public static void AddReplicaRouting(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<ReplicaRoutingOptions>, ReplicaRoutingOptionsValidator>();
        services.AddOptions<ReplicaRoutingOptions>()
            .BindConfiguration("Gateway:ReplicaRouting", binder => binder.ErrorOnUnknownConfiguration = true)
            .Validate(o => o.ProbeInterval < o.MaxLag, "Gateway:ReplicaRouting:ProbeInterval must be below MaxLag.")
            .ValidateOnStart();
        services.AddSingleton<NodeTable>();
        services.AddSingleton<NodeTraffic>();
        services.AddSingleton<NodeSelector>();
        services.AddTransient<NodeFallbackHandler>();
        services.AddHostedService<NodeProbe>();
        services.AddHttpClient(NodeProbe.ClientName, http => http.Timeout = TimeSpan.FromSeconds(2)).AddServiceIdentity();
        services.AddHttpClient(ClientName)
            .ConfigurePrimaryHttpMessageHandler(ForwarderHandler.Create)
            .ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
                // Outermost, so that service discovery finds the address of each candidate in turn.
                handlers.Insert(0, provider.GetRequiredService<NodeFallbackHandler>()));
    }

    public static void MapData(this IEndpointRouteBuilder routes) =>
        routes.Map("/data/{entity}/{**path}", Forward)
            .RequireAuthorization(Policies.Tenant)
            .WithMetadata(UnlimitedBody.Instance)
            .AddEndpointFilter<TenantGate>();

    /// <summary><c>/nodes</c> for operators, <c>/internal/nodes</c> for services, which show the platform's own identity.</summary>
    public static void MapNodes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/nodes", Nodes).RequireAuthorization(Policies.Operator);
        routes.MapGet("/internal/nodes", Nodes).RequireAuthorization(policy => policy
            .AddAuthenticationSchemes(JwtBearerDefaults.AuthenticationScheme)
            .RequireRole(Policies.Service));
    }

    private static Ok<IEnumerable<Node>> Nodes(NodeTable table, NodeTraffic traffic) =>
        TypedResults.Ok(table.Nodes.Select(node => node with { Requests = traffic.Of(node.Name) }));

    private static async Task<IResult> Forward(HttpContext http, NodeSelector selector, ServiceForwarder forwarder)
    {
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        // A token that cannot be read is refused by the data service, in its own words.
        var atLeast = ConsistencyToken.TryParse(http.Request.Headers[ConsistencyToken.HeaderName], out var token) ? token.Lsn : 0;
        var candidates = isRead ? selector.ForRead(atLeast) : selector.ForWrite();
        if (candidates.Length == 0)
        {
            http.Response.Headers.RetryAfter = "1";
            return TypedResults.Problem(
                isRead ? "No Postgres node answers; try again shortly." : "No Postgres primary answers; reads may still work, writes must wait.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return await forwarder.ForwardAsync(http, $"http://{candidates[0]}", ClientName, new ForwarderRequestConfig(), candidates);
    }
}
