using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.DataService.Nodes;

namespace Platform.DataService.Entities;

/// <summary>
/// Refuses writes on a replica with 421 and the place to go to, and tells what Postgres refuses as a problem of the field.
/// </summary>
internal sealed class WriteFilter(NodeMonitor node, IOptions<NodeOptions> options, IConfiguration configuration) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!node.State.IsPrimary && !(await node.ProbeAsync(context.HttpContext.RequestAborted)).IsPrimary) return Misdirected();
        try
        {
            return await next(context);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            return Misdirected();
        }
        catch (PostgresException exception) when (Errors.PostgresErrors.IsAboutRows(exception))
        {
            return ProblemResults.From(exception, context.HttpContext.GetEndpoint()!.Metadata.GetRequiredMetadata<EntityContract>());
        }
    }

    private ProblemHttpResult Misdirected()
    {
        var primary = options.Value.PrimaryService;
        var address = configuration[$"services:{primary}:http:0"] ?? $"http://{primary}";
        return TypedResults.Problem(
            $"{options.Value.Name} is a replica and takes no writes; send them to the gateway, or to {address} unless a replica has taken that node's place.",
            statusCode: StatusCodes.Status421MisdirectedRequest,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["primary"] = address });
    }
}
