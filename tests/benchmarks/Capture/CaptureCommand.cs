using System.CommandLine;
using System.Diagnostics;
using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Snapshots;
using Platform.Integration.Capture;
using Platform.Native.Postgres;

namespace Platform.Benchmarks.Capture;

/// <summary>How fast changes get from the log into a real Kafka, beside Postgres' own pg_recvlogical, which writes them nowhere, and Debezium.</summary>
internal sealed class CaptureCommand : Command
{
    /// <summary>The load of which the time from commit on is measured, by so many connections.</summary>
    public const int CommitsPerSecond = 2_000, Writers = 8, Seconds = 15;

    /// <summary>How often that load runs before anything is measured.</summary>
    public const int WarmUpRounds = 4;

    // A p99 of one round is the length of its longest stall: 150 ms in which nothing moves are one percent of 15 s.
    private const int MeasuredRounds = 3;

    private const int Backlog = 500_000, SnapshotRows = 1_000_000, SnapshotRounds = 3, LargeTransactionRows = 1_000_000;

    public CaptureCommand() : base("capture", "A backlog into Kafka, a snapshot, and the time from commit to consumer; Debezium and pg_recvlogical beside it.") =>
        SetAction((_, cancellationToken) => RunAsync(cancellationToken));

    private static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var servers = new CaptureServers();
        await servers.StartAsync();
        var table = new ResultTable("what", "value");
        var options = new CaptureOptions
        {
            Slot = "ours", Publication = "sales", TopicPrefix = "ours", ConfirmAfter = ConfirmAfter.BrokerAcknowledgement, StatePath = servers.Folder("state.json"),
        };

        // The first time the broker and this process are as cold as they will never be again.
        await servers.InsertAsync(0, SnapshotRows);
        await servers.ExecuteAsync("VACUUM ANALYZE public.sales");
        List<TimeSpan> took = [];
        RunningCapture? capture = null;
        for (var round = 0; round <= SnapshotRounds; round++)
        {
            if (capture is not null)
            {
                await capture.DisposeAsync();
                await servers.ExecuteAsync("SELECT pg_drop_replication_slot('ours')");
                File.Delete(options.StatePath);
            }

            var start = Stopwatch.GetTimestamp();
            capture = await SnapshotAsync(servers, options, cancellationToken);
            if (round > 0) took.Add(Stopwatch.GetElapsedTime(start));
        }

        took.Sort();
        table.Add(
            $"snapshot of {SnapshotRows:N0} rows, until the broker has them: median of {SnapshotRounds}, slowest, fastest",
            string.Join(", ", new[] { took[SnapshotRounds / 2], took[^1], took[0] }.Select(each => $"{SnapshotRows / each.TotalSeconds:N0} rows/s")));

        using (var follower = await TopicFollower.StartAsync(servers.BootstrapServers, "snapshot.public.sales"))
        using (Debezium.Start(servers, "snapshot", "initial_only"))
        {
            var (first, last) = follower.Count(SnapshotRows);
            table.Add("Debezium, the same, from its first row on", $"{SnapshotRows / (last - first).TotalSeconds:N0} rows/s");
        }

        await servers.ExecuteAsync("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'snapshot'");

        // Debezium makes its slot, and warms up on what the others have not to do with.
        var debezium = Debezium.Start(servers);
        await UntilAsync(async () => await servers.ReadAsync("SELECT count(*)::text FROM pg_replication_slots WHERE slot_name = 'debezium' AND active") == "1", cancellationToken);
        await servers.InsertAsync(2_000_000, 100_000);
        await DeliveredAsync(servers, capture!, cancellationToken);
        await ConfirmedAsync(servers, "debezium", cancellationToken);
        await capture!.DisposeAsync();
        await servers.ExecuteAsync("SELECT pg_create_logical_replication_slot('recvlogical', 'pgoutput')");

        // The connector goes on reading while the backlog is made, so it is held as it would be by a stop of the world.
        debezium.Dispose();
        await servers.InsertAsync(3_000_000, Backlog);
        await servers.ExecuteAsync("CHECKPOINT");
        table.Add($"pg_recvlogical, {Backlog:N0} changes", $"{Backlog / (await ReceiveAsync(servers, cancellationToken)).TotalSeconds:N0} changes/s");

        var allocated = GC.GetTotalAllocatedBytes();
        var began = Stopwatch.GetTimestamp();
        capture = new RunningCapture(servers.CaptureConnectionString, servers.BootstrapServers, options);
        await DeliveredAsync(servers, capture, cancellationToken);
        table.Add("capture, the same, acknowledged by Kafka", $"{Backlog / Stopwatch.GetElapsedTime(began).TotalSeconds:N0} changes/s");
        table.Add("bytes allocated by a change", $"{(GC.GetTotalAllocatedBytes() - allocated) / (double)Backlog:N0}");
        table.Add("memory of this process, capture and measuring", $"{Process.GetCurrentProcess().WorkingSet64 >> 20:N0} MB");

        using (var follower = await TopicFollower.StartAsync(servers.BootstrapServers, "debezium.public.sales"))
        {
            debezium = Debezium.Start(servers);
            var (first, last) = follower.Count(Backlog);
            table.Add("Debezium, the same, from its first event on", $"{Backlog / (last - first).TotalSeconds:N0} changes/s");
            table.Add("memory of its worker", $"{debezium.Memory >> 20:N0} MB");
        }

        // Postgres makes a checkpoint every five minutes, here at any time, which holds commits up.
        await servers.ExecuteAsync("CHECKPOINT");

        // Many small requests are something new to the broker, whose compiler would otherwise be what is measured.
        string[] both = ["ours.public.sales", "debezium.public.sales"];
        await FollowAsync(servers, both, 10_000_000, WarmUpRounds, cancellationToken);
        var ages = await FollowAsync(servers, both, 20_000_000, MeasuredRounds, cancellationToken);
        table.Add($"commit to consumer at {CommitsPerSecond:N0} commits/s, p50 and p99, Debezium running beside", AgesOf(ages[0]));
        table.Add("Debezium, the same commits", AgesOf(ages[1]));
        debezium.Dispose();
        // The broker has the end of a client to deal with.
        await FollowAsync(servers, [both[0]], 25_000_000, rounds: 1, cancellationToken);
        ages = await FollowAsync(servers, [both[0]], 30_000_000, MeasuredRounds, cancellationToken);
        table.Add("capture alone", AgesOf(ages[0]));
        var (time, memory) = await LargeTransactionAsync(servers, capture, cancellationToken);
        table.Add($"one transaction of {LargeTransactionRows:N0} rows, written and in Kafka", $"{LargeTransactionRows / time.TotalSeconds:N0} rows/s");
        table.Add("most memory of this process meanwhile", $"{memory >> 20:N0} MB");
        await capture.DisposeAsync();
        Console.WriteLine(table.ToString());
    }

    private static async Task<RunningCapture> SnapshotAsync(CaptureServers servers, CaptureOptions options, CancellationToken cancellationToken)
    {
        var capture = new RunningCapture(servers.CaptureConnectionString, servers.BootstrapServers, options);
        while (capture.Snapshots.All is not [{ Status: SnapshotStatus.Done }]) await Task.Delay(20, cancellationToken);
        return capture;
    }

    private static async Task<(TimeSpan Took, long Memory)> LargeTransactionAsync(CaptureServers servers, RunningCapture capture, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var done = Task.Run(
            async () =>
            {
                await servers.ExecuteAsync(
                    $"INSERT INTO public.sales SELECT 'tenant-1', 7000000 + n, 'Ada', 'Lovelace ' || n, NULL, n || ' Long Street', 'London', 'United Kingdom', 'ada@example.com', now(), n FROM generate_series(1, {LargeTransactionRows}) n");
                await DeliveredAsync(servers, capture, cancellationToken);
            },
            cancellationToken);
        var memory = 0L;
        using var process = Process.GetCurrentProcess();
        while (await Task.WhenAny(done, Task.Delay(50, cancellationToken)) != done)
        {
            process.Refresh();
            memory = Math.Max(memory, process.WorkingSet64);
        }

        await done;
        return (Stopwatch.GetElapsedTime(began), memory);
    }

    private static async Task<TimeSpan> ReceiveAsync(CaptureServers servers, CancellationToken cancellationToken)
    {
        var end = await servers.ReadAsync("SELECT pg_current_wal_lsn()::text");
        var installation = await PostgresInstallation.FindAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo(
            Path.Combine(installation.Folder, "pg_recvlogical"),
            [
                "-h", "127.0.0.1", "-p", $"{servers.Port}", "-U", "postgres", "-d", "platform", "-S", "recvlogical", "--start", "-o", "proto_version=2", "-o", "publication_names=sales",
                "--endpos", end, "--no-loop", "-f", "/dev/null",
            ]);
        start.Environment["PGPASSWORD"] = CaptureServers.RolePassword;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(began) : throw new InvalidOperationException("pg_recvlogical failed.");
    }

    private static string AgesOf(List<double> ages)
    {
        var percentiles = new Percentiles(ages);
        return $"{percentiles[0.5]}, {percentiles[0.99]}";
    }

    // How old the same commits are when a consumer of each topic sees them.
    private static async Task<List<double>[]> FollowAsync(CaptureServers servers, string[] topics, long first, int rounds, CancellationToken cancellationToken)
    {
        var ages = topics.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            var begin = first + (round * 1_000_000);
            var followers = new List<TopicFollower>();
            foreach (var topic in topics) followers.Add(await TopicFollower.StartAsync(servers.BootstrapServers, topic));
            var seen = followers.Select(follower => Task.Factory.StartNew(
                () => follower.Ages(CommitsPerSecond * Seconds), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(servers, begin + (writer * 100_000), cancellationToken)));
            // The first second belongs to the writers' connections.
            for (var i = 0; i < topics.Length; i++) ages[i].AddRange((await seen[i]).Skip(CommitsPerSecond));
            foreach (var follower in followers) follower.Dispose();
        }

        return ages;
    }

    /// <summary>One connection's part of that load.</summary>
    public static async Task WriteAsync(CaptureServers servers, long first, CancellationToken cancellationToken)
    {
        await using var connection = await servers.Database.OpenConnectionAsync(cancellationToken);
        await using var insert = new NpgsqlCommand(
            "INSERT INTO public.sales VALUES ('tenant-1', $1, 'Ada', 'Lovelace', NULL, '1 Long Street', 'London', 'United Kingdom', 'ada@example.com', now(), 7)", connection);
        var id = insert.Parameters.Add(new() { Value = first });
        await insert.PrepareAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        const int commits = CommitsPerSecond / Writers * Seconds;
        for (var i = 0; i < commits; i++)
        {
            id.Value = first + i;
            await insert.ExecuteNonQueryAsync(cancellationToken);
            var due = TimeSpan.FromSeconds((double)i * Writers / CommitsPerSecond) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.FromMilliseconds(1)) await Task.Delay(due, cancellationToken);
        }
    }

    private static async Task DeliveredAsync(CaptureServers servers, RunningCapture capture, CancellationToken cancellationToken)
    {
        var lsn = ulong.Parse(await servers.ReadAsync("SELECT (pg_current_wal_lsn() - '0/0')::text"), System.Globalization.CultureInfo.InvariantCulture);
        await capture.Progress.WaitForDeliveredAsync(lsn, cancellationToken);
    }

    private static Task ConfirmedAsync(CaptureServers servers, string slot, CancellationToken cancellationToken) => UntilAsync(
        async () => await servers.ReadAsync($"SELECT (pg_current_wal_lsn() - confirmed_flush_lsn < 1000000)::text FROM pg_replication_slots WHERE slot_name = '{slot}'") == "true", cancellationToken);

    private static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        while (!await condition()) await Task.Delay(200, cancellationToken);
    }
}
