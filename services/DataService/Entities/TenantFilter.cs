using Microsoft.Extensions.Options;
using Platform.DataService.Nodes;
using Platform.ServiceDefaults.Identity;
using Platform.Tenancy;

namespace Platform.DataService.Entities;

/// <summary>Finds the placement of the caller's tenant; a request goes no further when the tenant is unknown, suspended or elsewhere.</summary>
internal sealed class TenantFilter(TenantDirectory directory, IOptions<NodeOptions> node) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var id = http.User.TenantId();
        if (await directory.FindAsync(id, http.RequestAborted) is not { } tenant)
            return TypedResults.Problem($"There is no tenant '{id}'.", statusCode: StatusCodes.Status403Forbidden);
        if (tenant.Status != TenantStatus.Active)
            return TypedResults.Problem($"The tenant '{id}' is suspended.", statusCode: StatusCodes.Status403Forbidden);
        if (tenant.Cluster != node.Value.Cluster)
        {
            return TypedResults.Problem(
                $"The tenant '{id}' lives on cluster '{tenant.Cluster}', this service serves '{node.Value.Cluster}'.",
                statusCode: StatusCodes.Status421MisdirectedRequest);
        }

        http.Features.Set(tenant);
        return await next(context);
    }
}
