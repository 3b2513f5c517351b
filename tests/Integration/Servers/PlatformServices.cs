using Platform.DataService.Storage;
using Platform.Native.Postgres;
using Platform.SchemaService.Ddl;

namespace Platform.Integration.Servers;

/// <summary>
/// The schema service, which has made the tables of the real contracts, and a data service beside each Postgres server. The one beside the
/// first replica waits for what it is asked to have replayed, so that tests read from it like from the primary; the one beside the
/// last answers at once how far it is, as in production.
/// </summary>
internal sealed class PlatformServices : IAsyncDisposable
{
    private PlatformServices(PostgresNode primary, IReadOnlyList<PostgresNode> replicas, string cache)
    {
        Schema = RunningService<SchemaApplier>.Start([("ConnectionStrings:platform", primary.OwnerConnectionString)]);
        Data = StartData(primary, cache);
        PatientReplica = StartData(replicas[0], cache, ("Node:LongestReplayWait", "00:00:05"), ("services:data:http:0", Data.Address.ToString()));
        Replica = StartData(replicas[^1], cache, ("services:data:http:0", Data.Address.ToString()));
    }

    public RunningService<SchemaApplier> Schema { get; }

    public RunningService<RowStore> Data { get; }

    public RunningService<RowStore> PatientReplica { get; }

    public RunningService<RowStore> Replica { get; }

    /// <summary>Starts the services; returns when all of them are ready.</summary>
    public static async Task<PlatformServices> StartAsync(
        PostgresNode primary, IReadOnlyList<PostgresNode> replicas, string cache, CancellationToken cancellationToken)
    {
        var services = new PlatformServices(primary, replicas, cache);
        await services.Schema.ReadyAsync(cancellationToken);
        foreach (var data in new[] { services.Data, services.PatientReplica, services.Replica }) await data.ReadyAsync(cancellationToken);
        return services;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var data in new[] { Replica, PatientReplica, Data }) await data.DisposeAsync();
        await Schema.DisposeAsync();
    }

    private RunningService<RowStore> StartData(PostgresServer node, string cache, params IEnumerable<(string Name, string Value)> settings) =>
        RunningService<RowStore>.Start(
        [
            ("ConnectionStrings:platform", node.ConnectionString("platform_api", PlatformServers.Password)),
            ("ConnectionStrings:cache", cache),
            ("services:schema:http:0", Schema.Address.ToString()),
            ("Node:Name", node.Name),
            .. settings,
        ]);
}
