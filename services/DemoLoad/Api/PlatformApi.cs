using System.Net.Http.Headers;
using System.Text.Json;

namespace Platform.DemoLoad.Api;

/// <summary>The platform as anybody outside sees it: through the gateway, with a token for everything.</summary>
internal sealed class PlatformApi(IHttpClientFactory clients)
{
    public const string ClientName = "gateway";

    /// <summary>A session with the operator's token.</summary>
    public Task<ApiSession> OperatorAsync(CancellationToken cancellationToken) => OpenAsync(new { role = "operator" }, cancellationToken);

    /// <summary>A session with a tenant's token.</summary>
    public Task<ApiSession> TenantAsync(string tenant, CancellationToken cancellationToken) => OpenAsync(new { tenant }, cancellationToken);

    private async Task<ApiSession> OpenAsync(object request, CancellationToken cancellationToken)
    {
        var client = clients.CreateClient(ClientName);
        using var answer = await client.PostAsJsonAsync("/dev/token", request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var issued = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued.GetProperty("token").GetString());
        return new ApiSession(client);
    }
}
