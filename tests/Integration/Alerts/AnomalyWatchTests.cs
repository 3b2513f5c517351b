using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Alerts;
using Platform.CdcAnalytics.Anomalies;
using Platform.CdcAnalytics.Series;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.Harness;
using Platform.Harness.Synthetic;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Alerts;

/// <summary>What is usual is known again after a restart.</summary>
public sealed class AnomalyWatchTests : IDisposable
{
    private const string Watched = "requests.count";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_minute_after_a_restart_is_judged_by_the_minutes_that_the_warehouse_has_each_tenant_by_its_own()
    {
        var minute = SyntheticSeries.Start;
        using (var warehouse = Open())
        using (var history = new MetricHistory(warehouse))
        {
            for (var i = 0; i < 300; i++, minute = minute.AddMinutes(1))
                history.Append(minute, [new(Watched, "jane", 100 + (i % 7)), new(Watched, "steve", 5 + (i % 3)), new("other", "jane", 1)]);
        }

        using var reopened = Open();
        using var again = new MetricHistory(reopened);
        var alerts = new AlertOptions { Rules = { ["unusual"] = new() { Series = Watched, Kind = AlertKind.Anomaly, Scope = AlertScope.Tenants } } };
        var watch = new AnomalyWatch(again, Options.Create(alerts), Options.Create(new AnomalyOptions()));
        watch.Recorded(minute, [new(Watched, "jane", 5), new(Watched, "steve", 5), new("other", "jane", 1000)]);
        Assert.Equal(
            [("jane", true), ("steve", false)],
            watch.Of(Watched).Select(score => (score.Tenant, score.Score.IsAnomalous)).OrderBy(score => score.Tenant, StringComparer.Ordinal));
        Assert.Empty(watch.Of("other"));
        Assert.Equal(3, again.ReadKnown().Count);
        again.RemoveBefore(minute.AddMinutes(-10));
        Assert.Equal(10, again.Read(Watched, "jane").Count);
    }

    private WarehouseStore Open() => new(new ContractSet([]), Options.Create(new WarehouseOptions { Path = _folder["history.duckdb"] }));
}
