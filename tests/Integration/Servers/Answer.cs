using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.Integration.Servers;

/// <summary>An answer of a service, read to its end.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its JSON; undefined when it has none.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers)
{
    /// <summary>The fields that a refusal names.</summary>
    public IReadOnlyList<string> Fields => Body.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().Select(error => error.Name)] : [];

    /// <summary>The rows of a page.</summary>
    public IReadOnlyList<JsonElement> Items => [.. Body.GetProperty("items").EnumerateArray()];

    public override string ToString() => $"{(int)Status} {Body}";
}

/// <summary>Requests of tests.</summary>
internal static class Asking
{
    /// <summary>Sends a request, with a body when there is one, and reads the answer.</summary>
    public static async Task<Answer> AskAsync(
        this HttpClient client, HttpMethod method, string path, object? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new(response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text), response.Headers);
    }

    public static Task<Answer> AskAsync(this HttpClient client, string path, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        client.AskAsync(HttpMethod.Get, path, body: null, cancellationToken, headers);

    /// <summary>Creates a row and gives its key.</summary>
    public static async Task<long> CreateAsync(this HttpClient client, string entity, string key, object row, CancellationToken cancellationToken)
    {
        var created = await client.AskAsync(HttpMethod.Post, $"/data/{entity}", row, cancellationToken);
        if (created.Status != HttpStatusCode.Created) throw new HttpRequestException($"No row of {entity} was created: {created}");
        return created.Body.GetProperty(key).GetInt64();
    }
}
