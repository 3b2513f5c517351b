using Platform.Dashboard.Services;

namespace Platform.Dashboard.Overview;

/// <summary>Asks every service how it is.</summary>
internal sealed class PlatformReader(IHttpClientFactory clients, ServiceHealthReader health, TimeProvider clock)
{
    public const string Gateway = "gateway", Cdc = "cdc", CacheService = "cache-service";

    // Sums over days change slowly and cost more than the rest together.
    private static readonly TimeSpan DaysInterval = TimeSpan.FromSeconds(10);

    // A health check asks databases and brokers.
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(3);

    private DateTimeOffset _daysAt, _healthAt;

    /// <summary>The state now, with what is known from before where a service does not answer.</summary>
    public async Task<PlatformState> ReadAsync(PlatformState before, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var nodes = GetAsync(Gateway, "/internal/nodes", before.Nodes, cancellationToken);
        var pipeline = GetAsync(Cdc, "/pipeline", before.Pipeline, cancellationToken);
        var invalidation = GetAsync(CacheService, "/invalidations", before.Invalidation, cancellationToken);
        var figures = GetAsync(Cdc, "/figures", before.Figures, cancellationToken);
        var live = GetAsync(Cdc, "/figures/live?window=10s", before.Live, cancellationToken);
        var alerts = GetAsync(Cdc, "/alerts", before.Alerts, cancellationToken);
        var days = Task.FromResult(before.Days);
        if (now - _daysAt > DaysInterval)
        {
            _daysAt = now;
            days = GetAsync(Cdc, "/figures/daily?days=30", before.Days, cancellationToken);
        }

        var services = Task.FromResult(before.Services);
        if (now - _healthAt > HealthInterval)
        {
            _healthAt = now;
            services = ReadAsync("Service discovery", before.Services, health.ReadAsync, cancellationToken);
        }

        var state = new PlatformState
        {
            At = now,
            Services = await services,
            Nodes = await nodes,
            Pipeline = await pipeline,
            Invalidation = await invalidation,
            Figures = await figures,
            Days = await days,
            Live = await live,
            Alerts = await alerts,
        };
        return state with
        {
            Trends = before.Trends.Next(now, state.Nodes.Value, state.Pipeline.Value),
            LiveTrends = state.Live.Problem is null ? before.LiveTrends.Next(state.Live.Value) : before.LiveTrends,
        };
    }

    private Task<Reading<T>> GetAsync<T>(string service, string path, Reading<T> before, CancellationToken cancellationToken) where T : class =>
        ReadAsync(service, before, async token =>
        {
            using var client = clients.CreateClient(service);
            return (await client.GetFromJsonAsync<T>(path, token))!;
        }, cancellationToken);

    private static async Task<Reading<T>> ReadAsync<T>(
        string who, Reading<T> before, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return new(await read(cancellationToken), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or System.Text.Json.JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return before with { Problem = $"{who} does not answer: {exception.Message}" };
        }
    }
}
