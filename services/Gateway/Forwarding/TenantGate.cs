using Platform.ServiceDefaults.Identity;
using Platform.Tenancy;

namespace Platform.Gateway.Forwarding;

/// <summary>Lets through the requests of tenants that exist and are not suspended.</summary>
internal sealed class TenantGate(TenantDirectory directory) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var id = context.HttpContext.User.TenantId();
        var tenant = await directory.FindAsync(id, context.HttpContext.RequestAborted);
        return tenant switch
        {
            null => TypedResults.Problem($"There is no tenant '{id}'.", statusCode: StatusCodes.Status403Forbidden),
            { Status: TenantStatus.Suspended } =>
                TypedResults.Problem($"The tenant '{id}' is suspended.", statusCode: StatusCodes.Status403Forbidden),
            _ => await next(context),
        };
    }
}
