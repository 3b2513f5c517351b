using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Platform.Harness;
using Platform.Harness.Telemetry;
using Xunit;

[assembly: AssemblyFixture(typeof(Platform.EndToEnd.PlatformFixture))]

namespace Platform.EndToEnd;

/// <summary>One platform for all end-to-end tests, with the three tenants and the shop's data loaded through the API.</summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    /// <summary>An alert rule of these tests: a tenant has sold something within the last minutes.</summary>
    public const string OrderRule = "somebody-buys";

    /// <summary>A resource that nobody starts but a test, with a setting that its service refuses.</summary>
    public const string Misconfigured = "load";

    private static readonly Dictionary<string, string?> Rule = new(StringComparer.Ordinal)
    {
        [$"Alerts__Rules__{OrderRule}__Series"] = "orders.count",
        [$"Alerts__Rules__{OrderRule}__Scope"] = "Tenants",
        [$"Alerts__Rules__{OrderRule}__Above"] = "0",
        [$"Alerts__Rules__{OrderRule}__Over"] = "00:05:00",
        [$"Alerts__Rules__{OrderRule}__Severity"] = "Info",
    };

    public RunningPlatform Platform { get; private set; } = null!;

    /// <summary>Takes the telemetry of all services.</summary>
    public OtlpReceiver Collector { get; private set; } = null!;

    public ShopData Shop { get; } = ShopData.Load();

    /// <summary>True when the load was interrupted by killing the analytics service, as <see cref="ShopTests"/> requires.</summary>
    public bool KilledAnalytics { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Collector = await OtlpReceiver.StartAsync();
        Platform = await RunningPlatform.StartAsync(configure: builder =>
        {
            Collector.Collect(builder);
            var cdc = builder.CreateResourceBuilder<ProjectResource>("cdc");
            foreach (var (name, value) in Rule) cdc.WithEnvironment(name, value);
            builder.CreateResourceBuilder<ProjectResource>(Misconfigured).WithEnvironment("Demo__NoSuchSetting", "1");
        });
        foreach (var totals in Shop.Totals) await Platform.CreateTenantAsync(totals.Tenant);
        foreach (var totals in Shop.Totals)
        {
            using var tenant = await Platform.TenantAsync(totals.Tenant);
            foreach (var entity in ShopData.Entities)
            {
                await RunningPlatform.LoadAsync(tenant, entity, Shop.File(totals.Tenant, entity));
                if (KilledAnalytics || entity != "orders") continue;
                // In the middle of the load: what was read from the log but not yet committed is in no memory any more.
                await Platform.KillAsync("cdc");
                KilledAnalytics = true;
            }
        }

        // What the tests ask of it, it is asked when it is there again.
        await Platform.WaitUntilHealthyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
