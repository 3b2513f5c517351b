using System.Net;
using Platform.DemoLoad.Api;
using Platform.DemoLoad.Shops;

namespace Platform.DemoLoad.Seeding;

/// <summary>Creates the demo's tenants and loads their past through the API. What is there already stays as it is.</summary>
internal sealed class Seeder(PlatformApi api, SeedingState state, TimeProvider clock, ILogger<Seeder> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var profile in ShopProfile.Demo)
        {
            while (!await TrySeedAsync(profile, stoppingToken)) await Task.Delay(RetryDelay, clock, stoppingToken);
        }

        state.Done();
    }

    private async Task<bool> TrySeedAsync(ShopProfile profile, CancellationToken cancellationToken)
    {
        try
        {
            await CreateTenantAsync(profile, cancellationToken);
            using var tenant = await api.TenantAsync(profile.Tenant, cancellationToken);
            var shop = new ShopMaker(profile, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).Make();
            foreach (var (entity, rows) in shop.Files)
            {
                // Each entity is loaded in one transaction, so an interrupted seeding goes on with the first one that is empty.
                if (!await IsEmptyAsync(tenant, entity, cancellationToken)) continue;
                state.Doing($"Loading the {entity} of {profile.Name}.");
                await tenant.LoadAsync(entity, rows, cancellationToken);
                logger.Loaded(entity, profile.Tenant);
            }

            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            logger.Retrying(profile.Tenant, exception.Message);
            return false;
        }
    }

    private async Task CreateTenantAsync(ShopProfile profile, CancellationToken cancellationToken)
    {
        using var operators = await api.OperatorAsync(cancellationToken);
        try
        {
            await operators.PostAsync("/tenants", new { id = profile.Tenant, name = profile.Name }, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.Conflict)
        {
            // It is there from an earlier run.
        }
    }

    private static async Task<bool> IsEmptyAsync(ApiSession tenant, string entity, CancellationToken cancellationToken) =>
        (await tenant.GetAsync($"/data/{entity}?limit=1", cancellationToken)).GetProperty("items").GetArrayLength() == 0;
}
