using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Analytics;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Olap;

/// <summary>Questions of any shape about the caller's tenant.</summary>
internal static class OlapEndpoints
{
    public static void AddOlap(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<OlapOptions>, OlapOptionsValidator>();
        services.AddOptions<OlapOptions>()
            .BindConfiguration("Olap", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<OlapRunner>();
        services.AddSingleton<OlapQuestion>();
    }

    public static void MapOlap(this IEndpointRouteBuilder routes)
    {
        var analytics = routes.MapGroup("/analytics/{entity}")
            .RequireAuthorization(Policies.Tenant)
            .AddEndpointFilter<FreshnessFilter>();
        analytics.MapPost("/query", (string entity, OlapRequest request, HttpContext http, OlapQuestion question) =>
            question.Ask(entity, http, (columns, tenant, most) => OlapStatement.Of(request, columns, tenant, most)));
        analytics.MapPost("/rows", (string entity, DrillRequest request, HttpContext http, OlapQuestion question) =>
            question.Ask(entity, http, (columns, tenant, most) => OlapStatement.Of(request, columns, tenant, most)));
    }
}
