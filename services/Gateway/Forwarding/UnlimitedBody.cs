using Microsoft.AspNetCore.Http.Metadata;

namespace Platform.Gateway.Forwarding;

/// <summary>A body that is forwarded as it arrives is never held, so its size needs no limit here; the service behind has its own.</summary>
internal sealed class UnlimitedBody : IRequestSizeLimitMetadata
{
    public static UnlimitedBody Instance { get; } = new();

    public long? MaxRequestBodySize => null;
}
