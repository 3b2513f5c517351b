using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Live;

/// <summary>
/// <c>GET /live/{metric}</c> follows a metric of the caller's tenant; <c>/figures/live</c> has those of all tenants, for those who run the platform.
/// </summary>
internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/live/{metric}", (
            string metric, HttpContext http, LiveFeed feed, ContractSet contracts, string window = "10s", string kind = "sliding") =>
            Follow(metric, http.User.TenantId(), http, feed, contracts, window, kind)).RequireAuthorization(Policies.Tenant);

        var figures = routes.MapGroup("/figures/live").RequireAuthorization(Policies.Service);
        figures.MapGet("", GetAll);
        figures.MapGet("/{metric}", (
            string metric, HttpContext http, LiveFeed feed, ContractSet contracts, string? tenant, string window = "10s", string kind = "sliding") =>
            Follow(metric, tenant, http, feed, contracts, window, kind));
    }

    private static Results<ServerSentEventsResult<LiveWindow>, ProblemHttpResult> Follow(
        string metric, string? tenant, HttpContext http, LiveFeed feed, ContractSet contracts, string window, string kind)
    {
        if (!Exists(metric, contracts))
        {
            return TypedResults.Problem(
                $"There is no live metric '{metric}'. There are requests, changes, changes.<entity>, and each entity whose contract names a measure.",
                statusCode: StatusCodes.Status404NotFound);
        }

        if (WindowLength.Parse(window) is not { } length)
            return TypedResults.Problem($"There is no window of '{window}'; ask for 10s, 1m or 5m.", statusCode: StatusCodes.Status400BadRequest);
        if (kind is not ("sliding" or "tumbling"))
            return TypedResults.Problem($"There are no windows of kind '{kind}'; they are sliding or tumbling.", statusCode: StatusCodes.Status400BadRequest);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.ServerSentEvents(feed.FollowAsync(
            metric, tenant, length, kind == "tumbling" ? WindowKind.Tumbling : WindowKind.Sliding, http.RequestAborted));
    }

    private static Results<Ok<LiveFigures>, ProblemHttpResult> GetAll(LiveWindows windows, TimeProvider clock, string window = "1m")
    {
        if (WindowLength.Parse(window) is not { } length)
            return TypedResults.Problem($"There is no window of '{window}'; ask for 10s, 1m or 5m.", statusCode: StatusCodes.Status400BadRequest);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new LiveFigures(
            now, windows.WatermarkAt(now), windows.Late, length.TotalSeconds,
            [.. windows.Known().Select(known => windows.Open(known.Metric, known.Tenant, length, WindowKind.Sliding, now))]));
    }

    private static bool Exists(string metric, ContractSet contracts) =>
        metric is RequestMeasurements.Requests or ChangeMeasurements.Changes
        || contracts.Find(metric)?.Analytics is not null
        || (metric.StartsWith(ChangeMeasurements.Changes + ".", StringComparison.Ordinal) && contracts.Find(metric[(ChangeMeasurements.Changes.Length + 1)..]) is not null);
}
