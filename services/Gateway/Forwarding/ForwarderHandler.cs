using System.Net;

namespace Platform.Gateway.Forwarding;

/// <summary>The transport of forwarded requests: what the service answers reaches the caller unchanged.</summary>
internal static class ForwarderHandler
{
    public static HttpMessageHandler Create() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
    };
}
