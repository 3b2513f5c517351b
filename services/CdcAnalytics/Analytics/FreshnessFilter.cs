using Microsoft.AspNetCore.Http.HttpResults;
using Platform.CdcAnalytics.Sources;
using Platform.Replication;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Analytics;

/// <summary>
/// A question with a consistency token is answered once the warehouse has applied that position of the log that the caller's tenant is in: who has written sees the sums with it.
/// </summary>
internal sealed class FreshnessFilter(CaptureSources sources) : IEndpointFilter
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var text = http.Request.Headers[ConsistencyToken.HeaderName].ToString();
        if (text.Length == 0) return await next(context);
        if (!ConsistencyToken.TryParse(text, out var token))
        {
            return TypedResults.Problem(
                $"{ConsistencyToken.HeaderName} is not a token of this platform; send the last answer's value, or none.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        if (!sources.IsOn)
        {
            return TypedResults.Problem(
                $"Changes are not captured by the platform itself here (Capture:Enabled), so nobody knows up to which position the warehouse has everything; leave {ConsistencyToken.HeaderName} out.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        if (sources.OfTenant(http.User.TenantId())?.Progress is not { } progress)
            return Behind(http, "The changes of this tenant's database are not captured yet; ask again.");
        if (await progress.WaitForAppliedAsync(token.Lsn, LongestWait, http.RequestAborted)) return await next(context);
        return Behind(http, $"The warehouse stands at {LsnText.Format(progress.AppliedLsn)} and has not reached {LsnText.Format(token.Lsn)} yet; ask again.");
    }

    private static ProblemHttpResult Behind(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "1";
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
