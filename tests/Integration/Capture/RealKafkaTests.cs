using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using NpgsqlTypes;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Snapshots;
using Platform.Changes;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Kafka;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>What only a real Kafka does: groups of consumers, compaction, and a broker that comes back with its disk after a kill.</summary>
public sealed class RealKafkaTests(PlatformServers servers, RealBroker broker) : IAsyncLifetime
{
    private const string Table =
        """
        CREATE TABLE things (tenant_id text NOT NULL, id bigint NOT NULL, n bigint NOT NULL, PRIMARY KEY (tenant_id, id));
        ALTER TABLE things REPLICA IDENTITY FULL;
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (RealBroker.Installation is null) Assert.Skip("There is no Kafka: KAFKA_HOME names none, or there is no java.");
        await broker.ReadyAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_broker_that_is_killed_under_load_gets_every_change_once_and_in_order()
    {
        using var folder = new TemporaryFolder();
        await using var log = new ServerLog();
        await using var kafka = new KafkaBroker(RealBroker.Installation!, folder["kafka"], LoopbackPort.Free(), log);
        await kafka.StartAsync(Cancellation);
        await using var database = await CapturedDatabase.CreateAsync(servers, $"127.0.0.1:{kafka.Port}", Table, Cancellation);
        await database.StartAsync(Cancellation);
        for (var round = 0; round < 3; round++)
        {
            // Some are acknowledged, some are on their way, and some wait in the log when it dies.
            var sent = database.Progress.Report().CapturedEvents;
            var writing = Task.WhenAll(Enumerable.Range(0, 40).Select(i => database.RunAsync(
                $"INSERT INTO things SELECT 'jane', {(round * 40_000) + (i * 1000)} + g, {round} FROM generate_series(1, 1000) g", Cancellation)));
            await database.WaitAsync(() => database.Progress.Report().CapturedEvents > sent + 2_000, Cancellation);
            await KillAsync(kafka, log);
            await writing;
        }

        await database.CatchUpAsync(Cancellation);
        var messages = database.Read("public.things");
        Assert.Equal(120_000, messages.Count);
        Assert.Equal(120_000, messages.Select(message => message.Payload!["after"]!["id"]!.GetValue<long>()).Distinct().Count());
        foreach (var (before, after) in messages.Zip(messages.Skip(1))) Assert.True(before.Place.CompareTo(after.Place) < 0);
    }

    [Fact]
    public async Task A_broker_that_is_killed_in_the_midst_of_a_first_snapshot_gets_every_row_once()
    {
        const int rows = 300_000;
        using var folder = new TemporaryFolder();
        await using var log = new ServerLog();
        await using var kafka = new KafkaBroker(RealBroker.Installation!, folder["kafka"], LoopbackPort.Free(), log);
        await kafka.StartAsync(Cancellation);
        await using var database = await CapturedDatabase.CreateAsync(
            servers, $"127.0.0.1:{kafka.Port}", $"{Table}\nINSERT INTO things SELECT 'jane', g, 0 FROM generate_series(1, {rows}) g;", Cancellation);
        database.Begin();
        await database.WaitAsync(() => database.Snapshots.All is [{ } run] && run.Parts.Any(part => part.Rows > 20_000), Cancellation);
        Assert.Equal(SnapshotStatus.Running, database.Snapshots.All[0].Status);
        await KillAsync(kafka, log);
        await database.WaitAsync(() => database.Snapshots.All[0].Status == SnapshotStatus.Done, Cancellation);
        await database.RunAsync("UPDATE things SET n = 1 WHERE id = 1", Cancellation);
        await database.CatchUpAsync(Cancellation);

        var messages = database.Read("public.things");
        Assert.Equal("u", messages[^1].Operation);
        Assert.Equal(rows, messages.Count(message => message.Operation == "r"));
        Assert.Equal(rows, messages.Select(message => message.Payload!["after"]!["id"]!.GetValue<long>()).Distinct().Count());
    }

    [Fact]
    public async Task A_group_shares_the_partitions_and_each_row_s_changes_are_handled_in_order_although_a_member_leaves()
    {
        const int rows = 50, changes = 40;
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.StartAsync(Cancellation);
        var topic = $"{database.Settings.TopicPrefix}.public.things";
        var handled = new ConcurrentQueue<(string Key, long N, string Member)>();
        var partitions = new ConcurrentDictionary<string, int>();
        using var leaving = new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await database.RunAsync($"INSERT INTO things SELECT 'jane', i, 0 FROM generate_series(1, {rows}) i", Cancellation);
        await database.CatchUpAsync(Cancellation);
        var first = Task.Run(() => Consume("first", leaving.Token), Cancellation);
        var second = Task.Run(() => Consume("second", ending.Token), Cancellation);
        await UntilAsync(() => partitions.GetValueOrDefault("first") == 2 && partitions.GetValueOrDefault("second") == 2);
        for (var n = 1; n <= changes; n++)
        {
            await database.RunAsync($"UPDATE things SET n = {n}", Cancellation);
            if (n != changes / 2) continue;
            await UntilAsync(() => handled.Any(change => change.Member == "first") && handled.Any(change => change.Member == "second"));
            await leaving.CancelAsync();
            await first;
        }

        await UntilAsync(() => handled.Count(change => change.N == changes) >= rows);
        await ending.CancelAsync();
        await second;
        // Offsets are committed when a member goes, so nothing was handled twice.
        foreach (var row in handled.GroupBy(change => change.Key, StringComparer.Ordinal)) Assert.Equal(Enumerable.Range(0, changes + 1).Select(n => (long)n), row.Select(change => change.N));
        Assert.Equal(rows, handled.DistinctBy(change => change.Key).Count());

        void Consume(string member, CancellationToken cancellationToken)
        {
            using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
            {
                BootstrapServers = broker.BootstrapServers, GroupId = topic, AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoOffsetStore = false,
            }).SetLogHandler((_, _) => { }).Build();
            consumer.Subscribe(topic);
            while (!cancellationToken.IsCancellationRequested)
            {
                partitions[member] = consumer.Assignment.Count;
                if (consumer.Consume(TimeSpan.FromMilliseconds(50)) is not { } consumed) continue;
                var after = JsonNode.Parse(consumed.Message.Value)!["after"]!;
                handled.Enqueue((Encoding.UTF8.GetString(consumed.Message.Key), after["n"]!.GetValue<long>(), member));
                // Committed now and then, and when a partition or the group is left.
                consumer.StoreOffset(consumed);
            }

            consumer.Close();
        }

        Task UntilAsync(Func<bool> condition) => Eventually.HoldsAsync(
            () => Task.FromResult((condition(), $"{handled.Count} handled; the first: {first.Status}, the second: {second.Status}")), Deadline.Usual, Cancellation);
    }

    [Fact]
    public async Task What_a_transaction_took_back_does_not_count_and_does_not_hold_positions_up()
    {
        var id = new ColumnContract { Name = "id", Type = ColumnType.Integer, Required = true };
        var entity = new EntityContract { Name = $"things_{Guid.NewGuid():N}", Version = "1.0.0", Key = id, Columns = [id, new() { Name = "name", Type = ColumnType.Text }] };
        await using var database = await ScratchDatabase.CreateAsync(servers, Cancellation);
        using var folder = new TemporaryFolder();
        using var directory = new DirectoryStub();
        // As Connect does it with exactly.once.source.support: each partition then ends in a marker that no reader sees.
        var topic = ChangeTopics.NameOf(ChangeTopics.Schema, entity.Name);
        using (var writer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, TransactionalId = topic }).SetLogHandler((_, _) => { }).Build())
        {
            writer.InitTransactions(Deadline.Usual);
            foreach (var (number, name, isKept) in new[] { (1, "kept", true), (2, "taken back", false) })
            {
                writer.BeginTransaction();
                await writer.ProduceAsync(topic, new() { Key = "jane 1", Value = EventOf(number, name) }, Cancellation);
                if (isKept) writer.CommitTransaction(Deadline.Usual);
                else writer.AbortTransaction(Deadline.Usual);
            }
        }

        var settings = new CaptureOptions
        {
            Slot = database.Name, ConfirmAfter = ConfirmAfter.BrokerAcknowledgement, StatePath = Path.Combine(folder["capture"], "state.json"), SpoolPath = folder["spool"],
        };
        var connection = servers.Primary.ConnectionString("platform_cdc", PlatformServers.Password, database.Name);
        await using (var pipeline = new SeveralSources(entity, folder, broker.BootstrapServers, settings, directory.Directory, new Dictionary<string, string> { ["platform"] = connection }))
        {
            await pipeline.StartAsync(Cancellation);
            await pipeline.HasAsync("jane 1 kept", Cancellation);
            var lsn = (ulong)await database.Superuser.ReadAsync<NpgsqlLogSequenceNumber>("SELECT pg_current_wal_lsn()", Cancellation);
            await pipeline.WaitAsync(() => pipeline.Sources.Default.Progress.AppliedLsn >= lsn, Cancellation);
        }

        await servers.Superuser.ExecuteAsync("SELECT pg_drop_replication_slot($1)", Cancellation, database.Name);

        static string EventOf(int number, string name) => new JsonObject
        {
            ["after"] = new JsonObject { ["tenant_id"] = "jane", ["id"] = 1, ["name"] = name }, ["op"] = "c",
            ["source"] = new JsonObject { ["version"] = "platform-1.0", ["name"] = "elsewhere", ["db"] = "elsewhere", ["ts_us"] = number, ["lsn"] = number },
            ["transaction"] = new JsonObject { ["id"] = $"7:{number}", ["total_order"] = 1 },
        }.ToJsonString();
    }

    [Fact]
    public async Task A_compacted_topic_still_has_the_last_change_of_every_row()
    {
        const int rows = 20, changes = 30;
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        var topic = $"{database.Settings.TopicPrefix}.public.things";
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).SetLogHandler((_, _) => { }).Build())
        {
            // As the platform makes its topics, but without the days of delay.
            await admin.CreateTopicsAsync([new TopicSpecification
            {
                Name = topic, NumPartitions = 1, ReplicationFactor = 1, Configs = new()
                {
                    ["cleanup.policy"] = "compact", ["min.compaction.lag.ms"] = "0", ["max.compaction.lag.ms"] = "1", ["segment.ms"] = "100", ["min.cleanable.dirty.ratio"] = "0.01",
                },
            }]);
        }

        await database.StartAsync(Cancellation);
        await database.RunAsync($"INSERT INTO things SELECT 'jane', i, 0 FROM generate_series(1, {rows}) i", Cancellation);
        for (var n = 1; n <= changes; n++) await database.RunAsync($"UPDATE things SET n = {n}", Cancellation);
        await database.RunAsync("DELETE FROM things WHERE id > 15", Cancellation);
        await database.CatchUpAsync(Cancellation);
        IReadOnlyList<CapturedMessage> left = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                // A segment is closed by the write that comes after its time.
                await database.RunAsync("INSERT INTO things VALUES ('jane', 999, 0) ON CONFLICT (tenant_id, id) DO UPDATE SET n = things.n + 1", Cancellation);
                await database.CatchUpAsync(Cancellation);
                left = database.Read("public.things");
                return (left.Count < rows * changes / 2, $"{left.Count} messages");
            },
            Deadline.Usual,
            Cancellation);

        var last = left.GroupBy(message => message.Key!["id"]!.GetValue<long>()).ToDictionary(row => row.Key, row => row.Last());
        for (var id = 1; id <= 15; id++) Assert.Equal(changes, last[id].Payload!["after"]!["n"]!.GetValue<long>());
        for (var id = 16; id <= rows; id++) Assert.True(!last.TryGetValue(id, out var gone) || gone.IsTombstone || gone.Operation == "d", string.Create(CultureInfo.InvariantCulture, $"row {id} is back"));
    }

    private static async Task KillAsync(KafkaBroker kafka, ServerLog log)
    {
        // It may just be coming back from the last time.
        await Eventually.HoldsAsync(() => Task.FromResult((kafka.ProcessId is not null, log.ToString()!)), Deadline.Usual, Cancellation);
        using var process = Process.GetProcessById(kafka.ProcessId!.Value);
        process.Kill();
    }
}
