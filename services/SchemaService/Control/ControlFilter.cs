using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.SchemaService.Ddl;

namespace Platform.SchemaService.Control;

/// <summary>Answers 503, so that the caller tries again, while the control plane's tables cannot be used.</summary>
internal sealed class ControlFilter(DeploymentState state) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!state.IsControlSchemaApplied) return Unavailable(context, "The contracts are not applied yet.");
        try
        {
            return await next(context);
        }
        catch (NpgsqlException exception) when (exception.IsTransient)
        {
            return Unavailable(context, "Postgres cannot be reached.");
        }
    }

    private static ProblemHttpResult Unavailable(EndpointFilterInvocationContext context, string reason)
    {
        context.HttpContext.Response.Headers.RetryAfter = "1";
        return TypedResults.Problem(reason, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
