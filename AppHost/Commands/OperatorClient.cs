using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.AppHost.Commands;

/// <summary>Calls the platform's API as an operator, with a token that the gateway issues in Development.</summary>
/// <param name="gateway">Where the gateway listens.</param>
internal sealed class OperatorClient(EndpointReference gateway)
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>
    /// Sends a request. What the API answers is the command's value; what it refuses is the command's error, in the API's own words.
    /// </summary>
    /// <param name="path">Path of the gateway.</param>
    /// <param name="body">Sent as JSON; null for none.</param>
    /// <param name="done">What a person reads when it succeeds.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<ExecuteCommandResult> PostAsync(string path, object? body, string done, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Url + path) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.Authorization = new("Bearer", await TokenAsync(cancellationToken));
            using var answer = await Client.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (!answer.IsSuccessStatusCode) return CommandResults.Failure(ProblemOf(text) ?? $"{path} answered {(int)answer.StatusCode}.");
            return text.Length == 0 ? CommandResults.Success(done) : CommandResults.Success(done, text, CommandResultFormat.Json);
        }
        catch (HttpRequestException exception)
        {
            return CommandResults.Failure($"The gateway does not answer: {exception.Message} Wait until it is healthy.");
        }
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        using var answer = await Client.PostAsJsonAsync(new Uri(gateway.Url + "/dev/token"), new { role = "operator" }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("token").GetString()!;
    }

    /// <summary>The sentences of a problem (RFC 9457): its errors by field, else its detail or title.</summary>
    private static string? ProblemOf(string text)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            var root = problem.RootElement;
            if (root.TryGetProperty("errors", out var errors))
                return string.Join(" ", errors.EnumerateObject().Select(field => $"{field.Name}: {string.Join(" ", field.Value.EnumerateArray().Select(error => error.GetString()))}"));
            return root.TryGetProperty("detail", out var detail) ? detail.GetString() : root.GetProperty("title").GetString();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
