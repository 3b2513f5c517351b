using Platform.ServiceDefaults.Identity;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>The routes that belong to one service each.</summary>
internal static class ServiceEndpoints
{
    private const string ClientName = "services";

    public static void AddForwarding(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.AddSingleton<ServiceForwarder>();
        services.AddHttpClient(ClientName).ConfigurePrimaryHttpMessageHandler(ForwarderHandler.Create);
    }

    public static void MapServices(this WebApplication app)
    {
        app.MapService("/tenants/{**path}", "schema").RequireAuthorization(Policies.Operator);
        app.MapService("/changes/{**path}", "schema").RequireAuthorization(Policies.Operator);
        foreach (var path in new[] { "/alerts/{**path}", "/capture/{**path}", "/dead-letters/{**path}", "/lake/{**path}", "/verification/{**path}" })
            app.MapService(path, "cdc").RequireAuthorization(Policies.Operator);
        app.MapService("/invalidations/{**path}", "cache-service").RequireAuthorization(Policies.Operator);
        app.MapService("/contracts/{**path}", "schema").RequireAuthorization();
        app.MapService("/analytics/{**path}", "cdc").RequireAuthorization(Policies.Tenant).AddEndpointFilter<TenantGate>();
        app.MapService("/live/{metric}", "cdc").RequireAuthorization(Policies.Tenant).AddEndpointFilter<TenantGate>().AddEndpointFilter<EndsWithGateway>();
        if (!app.Environment.IsDevelopment()) return;

        app.MapService("/openapi/{**path}", "data").AllowAnonymous();
        app.MapService("/scalar/{**path}", "data").AllowAnonymous();
        app.MapGet("/", () => TypedResults.Redirect("/scalar/")).AllowAnonymous();
    }

    private static RouteHandlerBuilder MapService(this IEndpointRouteBuilder routes, string pattern, string service) =>
        routes.Map(pattern, (HttpContext http, ServiceForwarder forwarder) =>
            forwarder.ForwardAsync(http, $"http://{service}", ClientName, new ForwarderRequestConfig()));
}
