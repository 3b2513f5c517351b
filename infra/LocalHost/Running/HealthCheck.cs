using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Asks a resource's addresses whether it is healthy.</summary>
internal sealed class HealthCheck(HttpClient client)
{
    /// <summary>Null when every check passes; otherwise what is wrong.</summary>
    public async Task<string?> FindProblemAsync(IResource resource, CancellationToken cancellationToken)
    {
        foreach (var check in resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            if (await FindProblemAsync(resource, check, cancellationToken) is { } problem) return problem;
        }

        return null;
    }

    private async Task<string?> FindProblemAsync(IResource resource, HttpHealthCheckAnnotation check, CancellationToken cancellationToken)
    {
        var endpoint = resource.Annotations.OfType<EndpointAnnotation>()
            .First(candidate => check.EndpointName is null ? candidate.UriScheme == "http" : candidate.Name == check.EndpointName);
        try
        {
            using var response = await client.GetAsync($"http://127.0.0.1:{endpoint.AllocatedPort}{check.Path}", cancellationToken);
            if ((int)response.StatusCode == check.StatusCode) return null;
            return Explain(await response.Content.ReadAsStringAsync(cancellationToken)) ?? $"{check.Path} answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException)
        {
            return "not listening yet";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{check.Path} does not answer within {client.Timeout.TotalSeconds} s";
        }
    }

    /// <summary>Reads which checks fail and why from a health report (<c>{"checks":{"name":{"status","description"}}}</c>).</summary>
    private static string? Explain(string report)
    {
        try
        {
            using var document = JsonDocument.Parse(report);
            if (!document.RootElement.TryGetProperty("checks", out var checks)) return null;
            var failing = checks.EnumerateObject()
                .Where(check => check.Value.TryGetProperty("status", out var status) && status.GetString() != "Healthy")
                .Select(check => $"{check.Name}: {(check.Value.TryGetProperty("description", out var why) ? why.GetString() : null) ?? "unhealthy"}");
            return string.Join("; ", failing) is { Length: > 0 } text ? text : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
