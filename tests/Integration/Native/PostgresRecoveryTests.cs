using System.Diagnostics;
using Npgsql;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Postgres;
using Platform.Native.Processes;
using Xunit;

namespace Platform.Integration.Native;

/// <summary>Servers that are killed, left behind, or can no longer follow: each comes back by itself, and with its data.</summary>
public sealed class PostgresRecoveryTests(PlatformServers servers) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServerLog _log = new();
    private PostgresNode _primary = null!;
    private PostgresNode? _replica;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _primary = NewPrimary();
        await _primary.StartAsync(Cancellation);
        await OnPrimaryAsync("CREATE TABLE public.kept (n int); INSERT INTO public.kept VALUES (1)");
    }

    public async ValueTask DisposeAsync()
    {
        if (_replica is not null) await _replica.DisposeAsync();
        await _primary.DisposeAsync();
        _folder.Dispose();
        await _log.DisposeAsync();
    }

    [Fact]
    public async Task A_primary_that_is_killed_is_started_again_with_growing_delays_and_has_what_was_committed()
    {
        for (var kill = 1; kill <= 3; kill++)
        {
            await OnPrimaryAsync($"INSERT INTO public.kept VALUES ({kill + 1})");
            await KillAsync(_primary);
            await using var superuser = NpgsqlDataSource.Create(_primary.SuperuserConnectionString);
            Assert.Equal(kill + 1L, await superuser.ReadAsync<long>("SELECT count(*) FROM public.kept", Cancellation));
        }

        foreach (var delay in new[] { "0.5", "1", "2" })
            Assert.Contains($"native: postgres: restart in {delay} s after: exit code 137", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_an_earlier_process_left_behind_is_stopped_and_its_data_used()
    {
        await _primary.DisposeAsync();
        var installation = await PostgresInstallation.FindAsync(Cancellation);
        var folder = await PostgresFolder.OpenAsync(_folder["primary"], Cancellation);
        var leftover = LoopbackPort.Free();
        await Tool.RunAsync(
            installation.Command(
                "pg_ctl", "start", "-w", "-D", folder.Data, "-l", Path.Combine(folder.Data, "leftover.log"),
                "-o", $"-c config_file={folder.Configuration} -c hba_file={folder.Access} -c listen_addresses=127.0.0.1 -c port={leftover} -c unix_socket_directories="),
            folder.Account,
            Cancellation);
        Assert.False(LoopbackPort.IsFree(leftover));

        _primary = NewPrimary();
        await _primary.StartAsync(Cancellation);
        Assert.True(LoopbackPort.IsFree(leftover));
        await using var superuser = NpgsqlDataSource.Create(_primary.SuperuserConnectionString);
        Assert.Equal(1L, await superuser.ReadAsync<long>("SELECT count(*) FROM public.kept", Cancellation));
        Assert.Equal(1L, await superuser.ReadAsync<long>("SELECT count(*) FROM pg_publication WHERE pubname = 'platform'", Cancellation));
    }

    [Fact]
    public async Task A_replica_that_is_killed_follows_again_without_being_cloned()
    {
        await StartReplicaAsync(_primary);
        await OnPrimaryAsync("INSERT INTO public.kept VALUES (2)");
        await KillAsync(_replica!);
        await ReplicatedAsync(2);
        Assert.Single(Clones());
    }

    [Fact]
    public async Task A_replica_whose_slot_is_gone_is_cloned_again()
    {
        await StartReplicaAsync(_primary);
        await StopReplicaAsync();
        await OnPrimaryAsync("SELECT pg_drop_replication_slot('postgres_replica_1'); INSERT INTO public.kept VALUES (2)");

        await StartReplicaAsync(_primary);
        await ReplicatedAsync(2);
        Assert.EndsWith("because the primary has no slot postgres_replica_1", Clones()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_that_fell_too_far_behind_is_cloned_again()
    {
        await StartReplicaAsync(_primary);
        await StopReplicaAsync();
        await OnPrimaryAsync("INSERT INTO public.kept VALUES (2)");
        await using (var superuser = NpgsqlDataSource.Create(_primary.SuperuserConnectionString))
        {
            await superuser.ExecuteAsync("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'", Cancellation);
            await superuser.ExecuteAsync("SELECT pg_reload_conf()", Cancellation);
            await Eventually.HoldsAsync(
                async () =>
                {
                    await superuser.ExecuteAsync("SELECT pg_logical_emit_message(false, 'fill', 'x'), pg_switch_wal()", Cancellation);
                    await superuser.ExecuteAsync("CHECKPOINT", Cancellation);
                    var status = await superuser.ReadAsync<string>("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'postgres_replica_1'", Cancellation);
                    return (status == "lost", status);
                },
                Deadline.Usual,
                Cancellation);
        }

        await StartReplicaAsync(_primary);
        await ReplicatedAsync(2);
        Assert.EndsWith("because the primary gave up slot postgres_replica_1, which was too far behind", Clones()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_with_the_data_of_another_cluster_is_cloned_again()
    {
        await StartReplicaAsync(_primary);
        await StopReplicaAsync();

        // The shared primary stands for one that was emptied and made anew.
        await StartReplicaAsync(servers.Primary, "postgres-replica-9");
        Assert.EndsWith("because its data is another cluster's", Clones()[^1], StringComparison.Ordinal);
        await using var superuser = NpgsqlDataSource.Create(_replica!.ConnectionString("postgres", PlatformServers.Password));
        Assert.True(await superuser.ReadAsync<bool>("SELECT to_regclass('public.kept') IS NULL AND to_regclass('app.customers') IS NOT NULL", Cancellation));

        await StopReplicaAsync();
        await servers.Superuser.ExecuteAsync("SELECT pg_drop_replication_slot('postgres_replica_9')", Cancellation);
    }

    private PostgresNode NewPrimary() => PostgresNodes.First(_folder["primary"], _log);

    private async Task StartReplicaAsync(PostgresNode primary, string name = "postgres-replica-1")
    {
        _replica = PostgresNodes.Replica(_folder["replica"], primary, _log, name);
        await _replica.StartAsync(Cancellation);
    }

    private async Task StopReplicaAsync()
    {
        await _replica!.DisposeAsync();
        _replica = null;
    }

    private List<string> Clones() => [.. _log.ToString().Split('\n').Where(line => line.Contains(": cloning the primary at port", StringComparison.Ordinal))];

    private async Task OnPrimaryAsync(string sql)
    {
        await using var superuser = NpgsqlDataSource.Create(_primary.SuperuserConnectionString);
        await superuser.ExecuteAsync(sql, Cancellation);
    }

    private async Task ReplicatedAsync(long rows)
    {
        await using var superuser = NpgsqlDataSource.Create(_replica!.ConnectionString("postgres", PlatformServers.Password));
        await Eventually.HoldsAsync(
            async () =>
            {
                var replicated = await superuser.ReadAsync<long>("SELECT count(*) FROM public.kept", Cancellation);
                return (replicated == rows, $"{replicated} rows");
            },
            Deadline.Usual,
            Cancellation);
    }

    // As kill -9 does; returns when another process has taken its place.
    private static async Task KillAsync(PostgresServer server)
    {
        var killed = server.ProcessId!.Value;
        using (var process = Process.GetProcessById(killed)) process.Kill();
        await Eventually.HoldsAsync(
            async () =>
            {
                var problem = await server.FindProblemAsync(Cancellation);
                return (problem is null && server.ProcessId is { } now && now != killed, problem ?? $"process {server.ProcessId}");
            },
            Deadline.Usual,
            Cancellation);
    }
}
