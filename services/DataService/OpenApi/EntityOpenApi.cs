using Microsoft.OpenApi;
using Platform.Contracts;
using Scalar.AspNetCore;

namespace Platform.DataService.OpenApi;

/// <summary>The OpenAPI document of the data API, completed from the contracts, and a page to try it on.</summary>
internal static class EntityOpenApi
{
    public static void AddEntityOpenApi(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Tenant data", Version = "v1", Description = "Rows of the caller's tenant, as the data contracts describe them." };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["Bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("Bearer", document)] = [] }];
            // The gateway's address is the one that callers use; the document is the same behind any of its addresses.
            document.Servers = [new OpenApiServer { Url = "/" }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<EntityContract>().FirstOrDefault() is { } entity) EntityOperation.Complete(operation, context.Description, entity);
            return Task.CompletedTask;
        });
    });

    public static void MapEntityOpenApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi().AllowAnonymous();
        routes.MapScalarApiReference(page =>
        {
            page.Title = "Tenant data";
            // Nothing is loaded from, or told to, anybody else.
            page.DisableDefaultFonts().DisableTelemetry().HideDeveloperTools().DisableAgent().DisableMcp();
        }).AllowAnonymous();
    }
}
