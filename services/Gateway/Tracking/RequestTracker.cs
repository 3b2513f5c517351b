using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using Platform.Gateway.Authentication;

namespace Platform.Gateway.Tracking;

/// <summary>
/// Notes every request when its answer has ended, refused ones too. Probes of the platform itself are none: <c>/health</c>, <c>/alive</c> and what
/// services ask each other below <c>/internal</c>.
/// </summary>
internal sealed class RequestTracker(RequestQueue queue, IOptions<CallerOptions> caller, TimeProvider clock) : IMiddleware
{
    // A caller chooses these texts; longer ones say no more.
    private const int LongestText = 512, CallerWentAway = 499;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (IsProbe(context.Request.Path))
        {
            await next(context);
            return;
        }

        var (time, began) = (clock.GetUtcNow(), Stopwatch.GetTimestamp());
        try
        {
            await next(context);
        }
        finally
        {
            if (queue.Keeps(out var weight)) queue.Add(Note(context, time, Stopwatch.GetElapsedTime(began), weight));
        }
    }

    private TrackedRequest Note(HttpContext context, DateTimeOffset time, TimeSpan duration, int weight)
    {
        var (request, response) = (context.Request, context.Response);
        var user = context.User.Identity is { IsAuthenticated: true } ? context.User : null;
        // Who handles an exception takes the endpoint away and keeps it here.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        var isStream = response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true;
        return new(
            time,
            duration,
            user?.FindFirstValue(caller.Value.TenantClaim),
            user?.Identity?.Name,
            Known(request.Method),
            (endpoint as RouteEndpoint)?.RoutePattern.RawText,
            Short(request.Path.Value) ?? "/",
            QueryNames(request.Query),
            context.RequestAborted.IsCancellationRequested && !response.HasStarted ? CallerWentAway : response.StatusCode,
            isStream,
            Short(request.Headers.UserAgent),
            context.Connection.RemoteIpAddress,
            WithoutQuery(request.Headers.Referer),
            weight);
    }

    private static bool IsProbe(PathString path) => path == "/health" || path == "/alive" || path.StartsWithSegments("/internal", StringComparison.Ordinal);

    // A method is a word of the caller's; unknown ones are not worth keeping apart.
    private static string Known(string method) => HttpMethods.GetCanonicalizedValue(method) is { } known && IsUsual(known) ? known : "OTHER";

    private static bool IsUsual(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method) || HttpMethods.IsDelete(method)
        || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static string? QueryNames(IQueryCollection query) => query.Count == 0 ? null : Short(string.Join('&', query.Keys.Order(StringComparer.Ordinal)));

    private static string? WithoutQuery(string? referrer) =>
        Uri.TryCreate(referrer, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? Short(uri!.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)) : null;

    private static string? Short(string? text) => string.IsNullOrEmpty(text) ? null : text.Length <= LongestText ? text : text[..LongestText];
}
