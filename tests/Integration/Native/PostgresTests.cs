using System.Diagnostics;
using Npgsql;
using Npgsql.Replication;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Native.Postgres;
using Xunit;

namespace Platform.Integration.Native;

/// <summary>The cluster as it stands: who gets in, as whom it runs, how replicas follow.</summary>
public sealed class PostgresTests(PlatformServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnumerable<PostgresServer> All => [servers.Primary, .. servers.Replicas];

    public static TheoryData<string> Roles => ["postgres", "platform_owner", "platform_api", "platform_readonly", "platform_replication", "platform_cdc"];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Nobody_gets_in_without_the_right_password(string role)
    {
        foreach (var server in All)
        {
            await using (var right = NpgsqlDataSource.Create(server.ConnectionString(role, PlatformServers.Password)))
                Assert.Equal(role, await right.ReadAsync<string>("SELECT current_user::text", Cancellation));

            foreach (var database in new[] { "platform", "postgres" })
            {
                await using var wrong = NpgsqlDataSource.Create(server.ConnectionString(role, "wrong", database));
                var refused = await Assert.ThrowsAsync<PostgresException>(async () => await wrong.OpenConnectionAsync(Cancellation));
                Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);

                await using var none = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString(role, "", database)) { Password = null });
                await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await none.OpenConnectionAsync(Cancellation));
            }
        }
    }

    [Fact]
    public async Task The_log_is_not_streamed_to_who_has_no_password()
    {
        foreach (var server in All)
        {
            await using var stream = new PhysicalReplicationConnection(server.ConnectionString("platform_replication", "wrong"));
            var refused = await Assert.ThrowsAsync<PostgresException>(() => stream.Open(Cancellation));
            Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        }
    }

    [Fact]
    public async Task No_rule_at_any_address_trusts_and_no_password_is_kept_in_another_form_than_scram()
    {
        foreach (var server in All)
        {
            Listeners.RequireLoopbackOnly(server.Port);
            await using var superuser = NpgsqlDataSource.Create(server.ConnectionString("postgres", PlatformServers.Password));
            Assert.Equal("scram-sha-256", await superuser.ReadAsync<string>("SELECT string_agg(DISTINCT coalesce(auth_method, error), ',') FROM pg_hba_file_rules", Cancellation));
            Assert.Equal("", await superuser.ReadAsync<string>("SELECT current_setting('unix_socket_directories')", Cancellation));
            Assert.Equal(
                0L, await superuser.ReadAsync<long>("SELECT count(*) FROM pg_authid WHERE rolcanlogin AND rolpassword NOT LIKE 'SCRAM-SHA-256$%' IS NOT FALSE", Cancellation));
        }
    }

    [Fact]
    public async Task Passwords_are_in_no_log_no_command_line_and_no_setting()
    {
        Assert.DoesNotContain(PlatformServers.Password, servers.Log.ToString(), StringComparison.Ordinal);
        foreach (var server in All)
        {
            if (OperatingSystem.IsLinux())
                Assert.DoesNotContain(PlatformServers.Password, await File.ReadAllTextAsync($"/proc/{server.ProcessId}/cmdline", Cancellation), StringComparison.Ordinal);
            await using var superuser = NpgsqlDataSource.Create(server.ConnectionString("postgres", PlatformServers.Password));
            Assert.Equal(0L, await superuser.ReadAsync<long>("SELECT count(*) FROM pg_settings WHERE setting LIKE '%' || $1 || '%'", Cancellation, PlatformServers.Password));
        }
    }

    [Fact]
    public async Task No_server_runs_as_root()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no root; Postgres gives up its rights there by itself.");
        foreach (var server in All)
        {
            Assert.NotEqual(0, await UserOfAsync(server.ProcessId!.Value));
        }
    }

    [Fact]
    public async Task Replicas_stream_through_slots_of_their_own()
    {
        foreach (var replica in servers.Replicas)
        {
            Assert.Null(await replica.FindProblemAsync(Cancellation));
            var slot = replica.Name.Replace('-', '_');
            Assert.True(await servers.Superuser.ReadAsync<bool>(
                "SELECT bool_and(active AND slot_type = 'physical' AND wal_status = 'reserved') FROM pg_replication_slots WHERE slot_name = $1", Cancellation, slot));
            Assert.Equal(
                "streaming", await servers.Superuser.ReadAsync<string>("SELECT state FROM pg_stat_replication WHERE application_name = $1", Cancellation, replica.Name));
        }
    }

    [Fact]
    public async Task The_primary_keeps_what_readers_of_a_replica_still_see()
    {
        foreach (var replica in servers.Replicas)
        {
            await using var connections = NpgsqlDataSource.Create(replica.ConnectionString("platform_api", PlatformServers.Password));
            await using var reader = await connections.OpenConnectionAsync(Cancellation);
            await using var transaction = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Cancellation);
            await using var look = new NpgsqlCommand("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint", reader, transaction);
            var seen = (long)(await look.ExecuteScalarAsync(Cancellation))!;
            await Eventually.HoldsAsync(
                async () =>
                {
                    // So that there is something newer that could be thrown away.
                    await servers.Superuser.ExecuteAsync("SELECT pg_current_xact_id()", Cancellation);
                    var kept = await servers.Superuser.ReadAsync<long>(
                        "SELECT coalesce(max(xmin::text::bigint), 0) FROM pg_replication_slots WHERE slot_name = $1", Cancellation, replica.Name.Replace('-', '_'));
                    return (kept > 0 && kept <= seen, $"kept {kept}, seen {seen}");
                },
                Deadline.Usual,
                Cancellation);
        }
    }

    [Fact]
    public async Task The_log_can_be_decoded_and_what_is_captured_is_published()
    {
        Assert.Equal("logical", await servers.Superuser.ReadAsync<string>("SELECT current_setting('wal_level')", Cancellation));
        Assert.Equal("on", await servers.Superuser.ReadAsync<string>("SELECT current_setting('data_checksums')", Cancellation));
        Assert.Equal(
            "customers order_lines orders products",
            await servers.Superuser.ReadAsync<string>("SELECT string_agg(tablename::text, ' ' ORDER BY tablename) FROM pg_publication_tables WHERE pubname = 'platform'", Cancellation));
    }

    private static async Task<int> UserOfAsync(int process)
    {
        if (OperatingSystem.IsLinux())
        {
            var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
            return int.Parse(line.Split('\t')[1]);
        }

        using var ps = Process.Start(new ProcessStartInfo("ps", ["-o", "uid=", "-p", $"{process}"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        return int.Parse(await ps.StandardOutput.ReadToEndAsync(Cancellation));
    }
}
