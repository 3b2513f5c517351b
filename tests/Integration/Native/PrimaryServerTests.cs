using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Npgsql.Replication;
using Platform.Integration.Servers;
using Platform.ServiceDefaults;
using Xunit;

namespace Platform.Integration.Native;

/// <summary>Services that know every node of a cluster work with the one that takes writes.</summary>
public sealed class PrimaryServerTests(PlatformServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Replicas first, so that the primary is not found by chance.
    private string Nodes => new NpgsqlConnectionStringBuilder
    {
        Host = string.Join(',', servers.Replicas.Append(servers.Primary).Select(node => $"127.0.0.1:{node.Port}")), TargetSessionAttributes = "primary",
        Database = "platform", Username = "platform_cdc", Password = PlatformServers.Password,
    }.ConnectionString;

    [Fact]
    public async Task A_data_source_leads_to_the_primary_and_so_does_its_health_check()
    {
        await using (var source = PrimaryServer.Open(Nodes)) Assert.True(await source.ReadAsync<bool>("SELECT NOT pg_is_in_recovery()", Cancellation));

        var builder = new HostApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("ConnectionStrings:platform", Nodes)]);
        builder.AddPrimaryDataSource("platform");
        using var host = builder.Build();
        Assert.True(await host.Services.GetRequiredService<NpgsqlDataSource>().ReadAsync<bool>("SELECT NOT pg_is_in_recovery()", Cancellation));
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
        Assert.Equal(HealthStatus.Healthy, Assert.Single(health.Entries).Value.Status);
    }

    [Fact]
    public async Task The_primary_is_found_as_one_host_for_replication()
    {
        var found = await PrimaryServer.FindAsync(Nodes, Cancellation);
        Assert.Equal(("127.0.0.1", servers.Primary.Port), (new NpgsqlConnectionStringBuilder(found).Host, new NpgsqlConnectionStringBuilder(found).Port));
        await using var replication = new LogicalReplicationConnection(found);
        await replication.Open(Cancellation);
        Assert.Equal(1u, (await replication.IdentifySystem(Cancellation)).Timeline);
    }

    [Fact]
    public async Task One_host_stays_as_it_is()
    {
        var one = servers.Replicas[0].CdcConnectionString;
        Assert.Equal(one, await PrimaryServer.FindAsync(one, Cancellation));
        await using var source = PrimaryServer.Open(one);
        Assert.True(await source.ReadAsync<bool>("SELECT pg_is_in_recovery()", Cancellation));
    }
}
