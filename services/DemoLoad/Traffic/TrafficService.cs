using Microsoft.Extensions.Options;
using Platform.DemoLoad.Api;
using Platform.DemoLoad.Seeding;
using Platform.DemoLoad.Shops;

namespace Platform.DemoLoad.Traffic;

/// <summary>Lets visitors come at random moments, the more the larger the shop, for as long as the platform runs.</summary>
internal sealed class TrafficService(
    PlatformApi api, SeedingState seeding, IOptions<TrafficOptions> options, TimeProvider clock, ILogger<TrafficService> logger) : BackgroundService
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _room = new(options.Value.MostVisitors);
    private readonly Random _random = new();

    public override void Dispose()
    {
        base.Dispose();
        _room.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await seeding.Completed.WaitAsync(stoppingToken);
        var shops = await ReadShopsAsync(stoppingToken);
        logger.Open(options.Value.VisitsPerSecond);
        while (!stoppingToken.IsCancellationRequested)
        {
            // Independent visitors arrive with exponentially distributed gaps.
            await Task.Delay(TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / options.Value.VisitsPerSecond), clock, stoppingToken);
            await _room.WaitAsync(stoppingToken);
            _ = VisitAsync(Choose(shops), stoppingToken);
        }
    }

    private async Task<IReadOnlyList<Storefront>> ReadShopsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await Task.WhenAll(ShopProfile.Demo.Select(profile => Storefront.ReadAsync(api, profile, cancellationToken)));
            }
            catch (HttpRequestException exception)
            {
                logger.VisitFailed("all shops", exception.Message);
                await Task.Delay(Calm, clock, cancellationToken);
            }
        }
    }

    private async Task VisitAsync(Storefront shop, CancellationToken cancellationToken)
    {
        try
        {
            using var session = await api.TenantAsync(shop.Profile.Tenant, cancellationToken);
            await new Visit(session, shop, new Random(_random.Next()), clock).RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The demo ends.
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            logger.VisitFailed(shop.Profile.Tenant, exception.Message);
            // The visitor's place stays empty for a moment, so that a platform in trouble is not beset.
            await Task.Delay(Calm, clock, CancellationToken.None);
        }
        finally
        {
            _room.Release();
        }
    }

    private Storefront Choose(IReadOnlyList<Storefront> shops)
    {
        var point = _random.NextDouble() * shops.Sum(shop => shop.Profile.OrdersPerDay);
        foreach (var shop in shops)
        {
            point -= shop.Profile.OrdersPerDay;
            if (point <= 0) return shop;
        }

        return shops[^1];
    }
}
