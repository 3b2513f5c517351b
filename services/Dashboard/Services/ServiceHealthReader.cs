using System.Text.Json;

namespace Platform.Dashboard.Services;

/// <summary>Asks <c>/health</c> of every service that this one has an address of, wherever they run.</summary>
internal sealed class ServiceHealthReader(IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock)
{
    public const string ClientName = "service-health";

    // Service discovery's section: services:{name}:{endpoint}:{index}.
    private readonly IReadOnlyList<string> _services = [.. configuration.GetSection("services").GetChildren().Select(service => service.Key).Order(StringComparer.Ordinal)];

    /// <summary>The health of each service, in the order of their names.</summary>
    public async Task<IReadOnlyList<ServiceHealth>> ReadAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_services.Select(service => ReadAsync(service, cancellationToken)));

    private async Task<ServiceHealth> ReadAsync(string service, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        var began = clock.GetTimestamp();
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://{service}/health"), cancellationToken);
            var report = await answer.Content.ReadFromJsonAsync<Report>(cancellationToken);
            var failing = report!.Checks.Where(check => check.Value.Status != "Healthy").Select(check => $"{check.Key}: {check.Value.Description ?? check.Value.Status}");
            return new(service, report.Status, [.. failing], clock.GetElapsedTime(began));
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(service, ServiceHealth.NoAnswer, [exception.Message], clock.GetElapsedTime(began));
        }
    }

    private sealed record Report(string Status, IReadOnlyDictionary<string, Check> Checks);

    private sealed record Check(string Status, string? Description);
}
