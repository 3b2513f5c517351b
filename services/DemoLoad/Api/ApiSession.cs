using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.DemoLoad.Shops;

namespace Platform.DemoLoad.Api;

/// <summary>
/// One caller's requests. It hands each answer's consistency token to the next request, as a good client does, and so always reads
/// what it has written.
/// </summary>
internal sealed class ApiSession(HttpClient client) : IDisposable
{
    private const string TokenHeader = "X-Consistency-Token";

    private string? _token;

    public void Dispose() => client.Dispose();

    /// <summary>The answer's JSON.</summary>
    /// <exception cref="HttpRequestException">The answer is no success; the message has the answer's body.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, content: null, cancellationToken);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, Json(body), cancellationToken);

    public Task<JsonElement> PatchAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, path, Json(body), cancellationToken);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, path, content: null, cancellationToken);

    /// <summary>Loads many rows, all or none.</summary>
    public Task LoadAsync(string entity, string ndjson, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post, $"/data/{entity}/bulk", new StringContent(ndjson, Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson")), cancellationToken);

    private static StringContent Json(object body) =>
        new(JsonSerializer.Serialize(body, Shop.Json), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (_token is not null) request.Headers.Add(TokenHeader, _token);
        using var answer = await client.SendAsync(request, cancellationToken);
        // After a promotion what an old token promises cannot be proved; the next request goes without one.
        _token = answer.Headers.TryGetValues(TokenHeader, out var tokens) ? tokens.First() : answer.StatusCode == HttpStatusCode.Conflict ? null : _token;
        if (!answer.IsSuccessStatusCode)
        {
            var problem = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"{method} {path} answered {(int)answer.StatusCode}: {problem}", inner: null, answer.StatusCode);
        }

        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}
