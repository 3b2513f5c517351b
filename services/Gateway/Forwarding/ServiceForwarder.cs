using System.Collections.Immutable;
using Platform.Gateway.Routing;
using Platform.ServiceDefaults.Identity;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Forwards a request with YARP. The caller's token stays here; the service behind gets the platform's own short-lived identity with the
/// tenant and role that the token was verified for.
/// </summary>
internal sealed class ServiceForwarder(IHttpForwarder forwarder, IHttpMessageHandlerFactory handlers, InternalIdentity identity)
{
    /// <summary>Sends the request to <paramref name="destination"/>, or for a read to the first of the candidates that can answer.</summary>
    public async Task<IResult> ForwardAsync(
        HttpContext http, string destination, string client, ForwarderRequestConfig config, ImmutableArray<string> candidates = default)
    {
        // The factory owns the handler and its connections; the invoker is a thin cover.
        using var invoker = new HttpMessageInvoker(handlers.CreateHandler(client), disposeHandler: false);
        var error = await forwarder.SendAsync(http, destination, invoker, config, new Transformer(identity, candidates));
        return error is ForwarderError.None || http.Response.HasStarted || http.RequestAborted.IsCancellationRequested
            ? Results.Empty
            : TypedResults.Problem("The service behind the gateway does not answer; try again shortly.", statusCode: StatusCodes.Status502BadGateway);
    }

    private sealed class Transformer(InternalIdentity identity, ImmutableArray<string> candidates) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = null;
            proxyRequest.Headers.Authorization = httpContext.User.Identity is { IsAuthenticated: true } ? new("Bearer", Sign(httpContext)) : null;
            if (!candidates.IsDefault) proxyRequest.Options.Set(NodeFallbackHandler.Candidates, candidates);
        }

        private string Sign(HttpContext http)
        {
            var subject = http.User.Identity?.Name ?? "anonymous";
            return http.User.IsInRole(Policies.Operator)
                ? identity.Sign(subject, Policies.Operator)
                : identity.Sign(subject, Policies.Tenant, http.User.TenantId());
        }
    }
}
