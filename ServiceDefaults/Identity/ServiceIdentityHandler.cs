using System.Net.Http.Headers;
using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Shows the identity of this service with every request that has none of its own.</summary>
internal sealed class ServiceIdentityHandler(InternalIdentity identity, IHostEnvironment environment) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization ??=
            new AuthenticationHeaderValue("Bearer", identity.Sign(environment.ApplicationName, Policies.Service));
        return base.SendAsync(request, cancellationToken);
    }
}
