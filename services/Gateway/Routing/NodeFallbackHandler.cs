using System.Collections.Immutable;

namespace Platform.Gateway.Routing;

/// <summary>
/// Sends a request to the first of its candidate nodes, and a read to the next one when that node is dead or has not replayed the
/// position asked for. Writes have one candidate and are never sent twice.
/// </summary>
internal sealed class NodeFallbackHandler(NodeTable table, NodeTraffic traffic) : DelegatingHandler
{
    public static readonly HttpRequestOptionsKey<ImmutableArray<string>> Candidates = new("platform.candidates");

    private const string NodeBehind = "X-Node-Behind";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Candidates, out var candidates)) return await base.SendAsync(request, cancellationToken);
        var address = new UriBuilder(request.RequestUri!);
        for (var i = 0; ; i++)
        {
            address.Host = candidates[i];
            request.RequestUri = address.Uri;
            var isLast = i == candidates.Length - 1;
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (isLast || !response.Headers.Contains(NodeBehind))
                {
                    traffic.Answered(candidates[i]);
                    return response;
                }

                response.Dispose();
            }
            catch (HttpRequestException exception)
            {
                table.Fail(candidates[i], exception.Message);
                if (isLast) throw;
            }
        }
    }
}
