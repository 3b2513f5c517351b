using Platform.DataService.Storage;
using Platform.Harness;
using Platform.SchemaService.Ddl;
using Platform.ServiceDefaults.Identity;

namespace Platform.Integration.Servers;

/// <summary>
/// The schema service, which has made the tables of the real contracts, and a data service beside each Postgres server. The one beside the
/// first replica waits for what it is asked to have replayed, so that tests read from it like from the primary; the one beside the
/// second answers at once how far it is, as in production.
/// </summary>
internal sealed class PlatformServices : IAsyncDisposable
{
    private PlatformServices(PlatformServers servers)
    {
        Schema = RunningService<SchemaApplier>.Start(("ConnectionStrings:platform", servers.Primary.OwnerConnectionString));
        Data = StartData(servers.Primary.ApiConnectionString, servers.CacheConnectionString, "postgres");
        var replicas = servers.Replicas.Select(replica => replica.ConnectionString("platform_api", PlatformServers.Password)).ToList();
        PatientReplica = StartData(
            replicas[0], servers.CacheConnectionString, "postgres-replica-1", ("Node:LongestReplayWait", "00:00:05"), ("services:data:http:0", Data.Address.ToString()));
        Replica = StartData(replicas[1], servers.CacheConnectionString, "postgres-replica-2", ("services:data:http:0", Data.Address.ToString()));
    }

    public RunningService<SchemaApplier> Schema { get; }

    public RunningService<RowStore> Data { get; }

    public RunningService<RowStore> PatientReplica { get; }

    public RunningService<RowStore> Replica { get; }

    /// <summary>Starts the services; returns when all of them are ready.</summary>
    public static async Task<PlatformServices> StartAsync(PlatformServers servers, CancellationToken cancellationToken)
    {
        var services = new PlatformServices(servers);
        await ReadyAsync(services.Schema, cancellationToken);
        foreach (var data in new[] { services.Data, services.PatientReplica, services.Replica }) await ReadyAsync(data, cancellationToken);
        return services;
    }

    /// <summary>Starts a data service beside a Postgres server.</summary>
    public RunningService<RowStore> StartData(
        string connectionString, string cacheConnectionString, string node, params IEnumerable<(string Name, string Value)> settings) => RunningService<RowStore>.Start(
    [
        ("ConnectionStrings:platform", connectionString),
        ("ConnectionStrings:cache", cacheConnectionString),
        ("services:schema:http:0", Schema.Address.ToString()),
        ("Node:Name", node),
        .. settings,
    ]);

    /// <summary>Returns when the service says that it is healthy.</summary>
    public static Task ReadyAsync<TPart>(RunningService<TPart> service, CancellationToken cancellationToken) where TPart : class => Eventually.HoldsAsync(
        async () =>
        {
            using var client = service.ClientOf(Policies.Service);
            using var health = await client.GetAsync("/health", cancellationToken);
            return (health.IsSuccessStatusCode, await health.Content.ReadAsStringAsync(cancellationToken));
        },
        Deadline.Usual,
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var data in new[] { Replica, PatientReplica, Data }) await data.DisposeAsync();
        await Schema.DisposeAsync();
    }
}
