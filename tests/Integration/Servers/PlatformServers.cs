using Npgsql;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Cache;
using Platform.Native.Postgres;
using Xunit;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(PlatformServers))]
// Most tests wait for servers that start or restart, so more of them run at once than there are processors.
[assembly: Parallelization(MaxThreads = 4)]

namespace Platform.Integration.Servers;

/// <summary>
/// The data stores that tests share, started once by the code that starts them for a user: a Postgres primary with two streaming
/// replicas, the cache, and services on them. A test that stops, kills or changes a server starts one of its own.
/// </summary>
public sealed class PlatformServers : IAsyncLifetime
{
    /// <summary>Password of every role, and of the cache.</summary>
    internal const string Password = "known to these tests only";

    /// <summary>A database as the bootstrap leaves it; <see cref="ScratchDatabase"/> copies it.</summary>
    internal const string EmptyDatabase = "platform_empty";

    private readonly TemporaryFolder _folder = new();

    internal ServerLog Log { get; } = new();

    internal PostgresNode Primary { get; private set; } = null!;

    internal IReadOnlyList<PostgresNode> Replicas { get; private set; } = [];

    internal GarnetCache Cache { get; private set; } = null!;

    /// <summary>The services on these servers.</summary>
    internal PlatformServices Services { get; private set; } = null!;

    /// <summary>Connections to the primary that see every tenant's rows.</summary>
    internal NpgsqlDataSource Superuser { get; private set; } = null!;

    internal string CacheConnectionString => $"127.0.0.1:{Cache.Port},password={Password}";

    public async ValueTask InitializeAsync()
    {
        using var patience = new CancellationTokenSource(Deadline.Usual);
        try
        {
            await StartAsync(patience.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"The servers are not up after {Deadline.Usual}. They wrote:\n{Log}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Services is not null) await Services.DisposeAsync();
        if (Superuser is not null) await Superuser.DisposeAsync();
        foreach (var replica in Replicas) await replica.DisposeAsync();
        if (Primary is not null) await Primary.DisposeAsync();
        if (Cache is not null) await Cache.DisposeAsync();
        _folder.Dispose();
        await Log.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        Cache = new GarnetCache(_folder["cache"], LoopbackPort.Free(), Password, Log);
        var cache = Cache.StartAsync(cancellationToken);
        Primary = PostgresNodes.First(_folder["primary"], Log);
        await Primary.StartAsync(cancellationToken);
        await CopyDatabaseAsync(cancellationToken);
        Superuser = NpgsqlDataSource.Create(Primary.SuperuserConnectionString);

        Replicas = [.. new[] { "postgres-replica-1", "postgres-replica-2" }.Select(name => PostgresNodes.Replica(_folder[name], Primary, Log, name))];
        await Task.WhenAll([cache, .. Replicas.Select(replica => replica.StartAsync(cancellationToken))]);
        Services = await PlatformServices.StartAsync(Primary, Replicas, CacheConnectionString, cancellationToken);
    }

    // Postgres copies a database only while nobody is connected to it: now.
    private async Task CopyDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var superuser = new NpgsqlConnection(Primary.ConnectionString("postgres", Password, "postgres") + ";Pooling=false");
        await superuser.OpenAsync(cancellationToken);
        await using var copy = new NpgsqlCommand($"CREATE DATABASE {EmptyDatabase} TEMPLATE platform OWNER platform_owner", superuser);
        await copy.ExecuteNonQueryAsync(cancellationToken);
    }
}
