using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.AppHost.Hosting;

/// <summary>
/// Asks an endpoint's <c>/health</c>. Aspire asks an unhealthy resource again after 1 s, 2 s and so on up to 5 s, and each link in a chain
/// of waiting resources pays that; this check asks every 100 ms itself, for two seconds, before it reports what is missing.
/// </summary>
internal sealed class ReadinessCheck(EndpointReference endpoint, HttpClient client, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var problem = await FindProblemAsync(cancellationToken);
            if (problem is null) return HealthCheckResult.Healthy();
            if (time.GetElapsedTime(began) > Patience) return HealthCheckResult.Unhealthy(problem);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(endpoint.Url + "/health"), cancellationToken);
            if (response.IsSuccessStatusCode) return null;
            return Explain(await response.Content.ReadAsStringAsync(cancellationToken)) ?? $"/health answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException)
        {
            return "not listening yet";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"/health does not answer within {client.Timeout.TotalSeconds} s";
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
