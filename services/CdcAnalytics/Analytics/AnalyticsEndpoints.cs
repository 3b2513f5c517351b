using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Analytics;

/// <summary>What the warehouse knows of the caller's tenant.</summary>
internal static class AnalyticsEndpoints
{
    public static void MapAnalytics(this IEndpointRouteBuilder routes)
    {
        var analytics = routes.MapGroup("/analytics/{entity}")
            .RequireAuthorization(Policies.Tenant)
            .AddEndpointFilter<FreshnessFilter>();
        analytics.MapGet("/summary", GetSummary);
        analytics.MapGet("/daily", GetDaily);

        var figures = routes.MapGroup("/figures").RequireAuthorization(Policies.Service);
        figures.MapGet("", (AnalyticsQueries queries) => TypedResults.Ok(queries.AllTenants()));
        figures.MapGet("/daily", (AnalyticsQueries queries, TimeProvider clock, int days = 30) => TypedResults.Ok(
            queries.AllTenantsDaily(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1 - days))));
    }

    private static Results<Ok<EntitySummary>, ProblemHttpResult> GetSummary(string entity, HttpContext http, ContractSet contracts, AnalyticsQueries queries) =>
        contracts.Find(entity) is { } contract ? TypedResults.Ok(queries.Summary(contract, http.User.TenantId())) : NoEntity(entity);

    private static Results<Ok<DailyFigures>, ProblemHttpResult> GetDaily(
        string entity, DateOnly? from, DateOnly? to, HttpContext http, ContractSet contracts, AnalyticsQueries queries)
    {
        if (contracts.Find(entity) is not { } contract) return NoEntity(entity);
        return contract.Analytics is null
            ? TypedResults.Problem($"The contract of {entity} names no figures to sum up; add the custom property 'analytics' to it.", statusCode: StatusCodes.Status404NotFound)
            : TypedResults.Ok(queries.Daily(contract, contract.Analytics, http.User.TenantId(), from, to));
    }

    private static ProblemHttpResult NoEntity(string entity) =>
        TypedResults.Problem($"There is no entity '{entity}'.", statusCode: StatusCodes.Status404NotFound);
}
