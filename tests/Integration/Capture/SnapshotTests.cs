using System.Text.Json.Nodes;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Snapshots;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>Rows that were there before capture, and the ways back after changes were lost: no row is missing, and none is older than it was.</summary>
public abstract class SnapshotTests(PlatformServers servers, BrokerFixture broker) : IAsyncLifetime
{
    private const int Rows = 30_000;

    private const string Tables =
        """
        CREATE TABLE things (tenant_id text NOT NULL, id bigint NOT NULL, n bigint NOT NULL, note text, PRIMARY KEY (tenant_id, id));
        ALTER TABLE things REPLICA IDENTITY FULL;
        CREATE TABLE others (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), at timestamptz NOT NULL DEFAULT now(), amount numeric NOT NULL, ip inet);
        ALTER TABLE others REPLICA IDENTITY FULL;
        """;

    private static readonly string Fill =
        $"""
         INSERT INTO things SELECT CASE i % 3 WHEN 0 THEN 'jane' WHEN 1 THEN 'margaret' ELSE 'o''hara, steve' END, i, 0, repeat('x', i % 50) FROM generate_series(1, {Rows}) i;
         INSERT INTO others (amount, ip) SELECT i / 7.0, '10.0.0.1' FROM generate_series(1, 1000) i;
         """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await broker.ReadyAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Rows_before_the_slot_and_changes_after_it_make_the_table_with_neither_gap_nor_overlap()
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Tables + Fill, Cancellation);
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writer = WriteAsync(database, writing.Token);
        await database.StartAsync(Cancellation);
        // So that the log brings changes of rows that the snapshot has brought.
        var sent = database.Progress.Report().CapturedEvents;
        await database.WaitAsync(() => database.Progress.Report().CapturedEvents > sent + 500, Cancellation);
        await writing.CancelAsync();
        await writer;
        await database.CatchUpAsync(Cancellation);

        var messages = database.Read("public.things");
        await AssertSameAsync(database, messages);
        var snapshot = messages.Where(message => message.Operation == "r").ToList();
        Assert.Equal(snapshot.Count, snapshot.DistinctBy(message => message.Key!.ToJsonString(), StringComparer.Ordinal).Count());
        // What the snapshot has, the log does not bring again.
        var slot = snapshot[0].Place.Commit;
        Assert.All(messages.Where(message => message.Operation is not (null or "r")), message => Assert.True(message.Place.Commit > slot));
        Assert.Equal(1000, database.Read("public.others").Count(message => message.Operation == "r"));
    }

    [Theory]
    [InlineData("as rows lie")]
    [InlineData("by key")]
    [InlineData("as rows lie until they lie elsewhere")]
    public async Task A_first_snapshot_that_is_killed_goes_on_where_it_was(string order)
    {
        // It must be killed in its midst, which is a short time: if it was too fast, another one is made.
        for (var attempt = 1; ; attempt++)
        {
            await using var database = await CapturedDatabase.CreateAsync(
                servers, broker.BootstrapServers, Tables + Fill, Cancellation, options => (options.SnapshotParallelism, options.SnapshotBatchRows, options.IncrementalChunkRows) = (1, 200, 2000));
            await database.Superuser.ExecuteAsync($"ALTER TABLE things REPLICA IDENTITY {(order == "by key" ? "DEFAULT" : "FULL")}", Cancellation);
            database.Begin();
            while (database.Snapshots.All is not [{ } run] || (run.Status == SnapshotStatus.Running && run.Parts.Max(part => part.Rows) < 1000)) await Task.Yield();
            await database.KillAsync();
            if (await RowsOfFileAsync(database) == Rows && attempt < 20) continue;

            // Rows that were not read yet move to where it has been: vacuumed, what was deleted there is room for them.
            await database.Superuser.ExecuteAsync("DELETE FROM things WHERE id % 7 = 1", Cancellation);
            await database.Superuser.ExecuteAsync("VACUUM things", Cancellation);
            await database.RunAsync("UPDATE things SET n = 1 WHERE id % 10 = 0;\nINSERT INTO things VALUES ('jane', 0, 1, 'new')", Cancellation);
            if (order.EndsWith("elsewhere", StringComparison.Ordinal)) await database.Superuser.ExecuteAsync("VACUUM FULL things", Cancellation);
            await database.StartAsync(Cancellation);
            await database.WaitAsync(() => database.Snapshots.All[0].Status == SnapshotStatus.Done, Cancellation);
            await database.CatchUpAsync(Cancellation);

            var messages = database.Read("public.things");
            await AssertSameAsync(database, messages);
            var part = database.Snapshots.All[0].Parts.Single(part => part.Table == "things");
            Assert.Equal(order == "as rows lie", part.File is not null);
            // Less than twice the table: it did not start over.
            if (!order.EndsWith("elsewhere", StringComparison.Ordinal)) Assert.InRange(messages.Count(message => message.Operation == "r"), Rows * 7 / 10, (Rows * 2) - 1000);
            return;
        }
    }

    [Theory]
    [InlineData("the slot is gone")]
    [InlineData("the slot was made again")]
    [InlineData("somebody else has read from the slot")]
    [InlineData("nothing is remembered")]
    public async Task Lost_changes_are_found_out_and_made_good_by_a_new_snapshot(string what)
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Tables, Cancellation);
        await database.RunAsync("INSERT INTO things VALUES ('jane', 1, 1, 'stays'), ('jane', 2, 1, 'goes'), ('jane', 3, 1, 'changes')", Cancellation);
        await database.StartAsync(Cancellation);
        await database.CatchUpAsync(Cancellation);
        await database.KillAsync();
        await database.RunAsync("DELETE FROM things WHERE id = 2;\nUPDATE things SET n = 2 WHERE id = 3;\nINSERT INTO things VALUES ('jane', 4, 1, 'new')", Cancellation);
        await LoseAsync(database, what);

        await database.StartAsync(Cancellation);
        await database.WaitAsync(() => database.Snapshots.All[^1].Status == SnapshotStatus.Done, Cancellation);
        await database.RunAsync("UPDATE things SET note = 'later' WHERE id = 4", Cancellation);
        await database.CatchUpAsync(Cancellation);
        var run = database.Snapshots.All[^1];
        Assert.NotEqual("The slot is new.", run.Reason);
        // Deletions that nobody saw are found by what the snapshot does not bring: whoever reads removes rows older than its position.
        Assert.True(run.Reconciles);
        await AssertSameAsync(database, database.Read("public.things"), before: run.Lsn);
    }

    [Fact]
    public async Task Where_nobody_may_start_over_capture_stops_and_says_why_until_it_is_ordered()
    {
        await using var database = await CapturedDatabase.CreateAsync(
            servers, broker.BootstrapServers, Tables, Cancellation, options => options.LostChanges = LostChanges.Stop);
        await database.StartAsync(Cancellation);
        await database.KillAsync();
        await LoseAsync(database, "the slot is gone");
        database.Begin();
        await database.WaitAsync(() => database.State.Activity == "interrupted", Cancellation);
        Assert.Contains($"The replication slot {database.Settings.Slot} is gone. Changes were lost.", database.State.Trouble, StringComparison.Ordinal);
        database.State.StartOver();
        await database.WaitAsync(() => database.State.Activity == "streaming", Cancellation);
    }

    [Fact]
    public async Task A_tenants_rows_can_be_read_again_while_changes_go_on()
    {
        await using var database = await CapturedDatabase.CreateAsync(
            servers, broker.BootstrapServers, Tables + Fill, Cancellation, options => options.IncrementalChunkRows = 500);
        await database.StartAsync(Cancellation);
        await database.CatchUpAsync(Cancellation);
        var before = database.Read("public.things").Count;
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writer = WriteAsync(database, writing.Token);

        var run = Order("things", [new("tenant_id", "eq", "o'hara, steve"), new("id", "lte", "20000")]);
        database.Snapshots.Order(run);
        await database.WaitAsync(() => run.Parts[0].Rows > 1000, Cancellation);
        Assert.True(database.Snapshots.Set(run.Id, SnapshotStatus.Paused));
        // The chunk that is under way comes to its end; after that the log goes on and the snapshot does not.
        long held;
        do
        {
            held = run.Parts[0].SentRows;
            await PassAsync(database);
        }
        while (run.Parts[0].SentRows != held);
        await PassAsync(database);
        Assert.Equal(held, run.Parts[0].SentRows);
        Assert.True(database.Snapshots.Set(run.Id, SnapshotStatus.Running));
        await database.WaitAsync(() => run.Status == SnapshotStatus.Done, Cancellation);
        await writing.CancelAsync();
        await writer;
        await database.CatchUpAsync(Cancellation);

        var messages = database.Read("public.things");
        await AssertSameAsync(database, messages);
        var again = messages.Where(message => message.Payload?["source"]?["snapshot"]?.GetValue<string>() == "incremental").ToList();
        // Rows that changed while their chunk was read are told by the log.
        Assert.InRange(again.Count, 5_000, Rows / 3);
        Assert.All(again, message => Assert.Equal("o'hara, steve", message.Headers["tenant"]));
        Assert.True(messages.Count > before + again.Count);
    }

    [Fact]
    public async Task An_ordered_snapshot_outlives_a_kill_and_can_be_cancelled()
    {
        await using var database = await CapturedDatabase.CreateAsync(
            servers, broker.BootstrapServers, Tables + Fill, Cancellation, options => options.IncrementalChunkRows = 200);
        await database.StartAsync(Cancellation);
        var run = Order("things", []);
        database.Snapshots.Order(run);
        database.Keeper.SnapshotsChanged();
        await database.WaitAsync(() => run.Parts[0].Rows > 1000, Cancellation);
        await database.KillAsync();
        await database.StartAsync(Cancellation);
        var restored = database.Snapshots.All[^1];
        Assert.Equal(run.Id, restored.Id);
        Assert.InRange(restored.Parts[0].Rows, 1001, Rows);
        Assert.True(database.Snapshots.Set(run.Id, SnapshotStatus.Cancelled));
        Assert.False(database.Snapshots.Set(run.Id, SnapshotStatus.Running));
        await database.RunAsync("UPDATE things SET n = 7 WHERE id = 1", Cancellation);
        await database.CatchUpAsync(Cancellation);
        await AssertSameAsync(database, database.Read("public.things"));
    }

    // Many changes go by.
    private static Task PassAsync(CapturedDatabase database)
    {
        var sent = database.Progress.Report().CapturedEvents;
        return database.WaitAsync(() => database.Progress.Report().CapturedEvents > sent + 1000, Cancellation);
    }

    // What outlives the kill.
    private static async Task<long> RowsOfFileAsync(CapturedDatabase database) =>
        JsonNode.Parse(await File.ReadAllTextAsync(database.Settings.StatePath, Cancellation))!["snapshots"]![0]!["parts"]!.AsArray()
            .Single(part => part!["table"]!.GetValue<string>() == "things")!["rows"]!.GetValue<long>();

    private static SnapshotRun Order(string table, IReadOnlyList<SnapshotPart.PartFilter> filters) => new()
    {
        Id = Guid.NewGuid().ToString("N"), Reason = "a test", StartedAt = DateTimeOffset.UnixEpoch, Reconciles = false,
        Parts = [new() { Schema = "public", Table = table, HasKey = true, Filters = filters }],
    };

    private static async Task LoseAsync(CapturedDatabase database, string what)
    {
        if (what == "nothing is remembered")
        {
            File.Delete(database.Settings.StatePath);
            return;
        }

        var slot = database.Settings.Slot;
        if (what.StartsWith("somebody", StringComparison.Ordinal))
        {
            await database.Superuser.ExecuteAsync(
                "SELECT count(*) FROM pg_logical_slot_get_binary_changes($1, NULL, NULL, 'proto_version', '1', 'publication_names', 'everything')", Cancellation, slot);
            return;
        }

        await database.Superuser.ExecuteAsync("SELECT pg_drop_replication_slot($1)", Cancellation, slot);
        if (what == "the slot was made again") await database.Superuser.ExecuteAsync("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", Cancellation, slot);
    }

    private static async Task WriteAsync(CapturedDatabase database, CancellationToken cancellationToken)
    {
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            await database.Superuser.ExecuteAsync("UPDATE things SET n = n + 1 WHERE id BETWEEN $1 AND $1 + 20", CancellationToken.None, i * 37 % Rows);
            await database.Superuser.ExecuteAsync("DELETE FROM things WHERE id = $1", CancellationToken.None, i * 91 % Rows);
            await database.Superuser.ExecuteAsync("INSERT INTO things VALUES ('jane', $1, 0, 'new')", CancellationToken.None, Rows + 1 + i);
        }
    }

    // The messages, applied one after another, make the table.
    private static async Task AssertSameAsync(CapturedDatabase database, IReadOnlyList<CapturedMessage> messages, ulong before = 0)
    {
        var rows = new Dictionary<string, (JsonNode Row, ulong At)>(StringComparer.Ordinal);
        foreach (var message in messages.Where(message => !message.IsTombstone))
        {
            var key = message.Key!.ToJsonString();
            if (message.Operation == "d") rows.Remove(key);
            else rows[key] = (message.Payload!["after"]!, message.Place.Commit);
        }

        foreach (var (key, _) in rows.Where(row => row.Value.At < before).ToList()) rows.Remove(key);
        var expected = await database.Superuser.ReadAsync<string[]>(
            "SELECT coalesce(array_agg(concat_ws('|', tenant_id, id, n, note) ORDER BY tenant_id COLLATE \"C\", id), '{}') FROM things", Cancellation);
        var actual = rows.Values.Select(row => row.Row)
            .OrderBy(row => row["tenant_id"]!.GetValue<string>(), StringComparer.Ordinal).ThenBy(row => row["id"]!.GetValue<long>())
            .Select(row => $"{row["tenant_id"]}|{row["id"]}|{row["n"]}|{row["note"]}");
        Assert.Equal(expected, actual);
    }
}

/// <summary>The same into a broker in memory.</summary>
public sealed class SnapshotIntoMemoryTests(PlatformServers servers, BrokerFixture broker) : SnapshotTests(servers, broker), IClassFixture<BrokerFixture>;

/// <summary>The same into a real Kafka.</summary>
public sealed class SnapshotIntoKafkaTests(PlatformServers servers, RealBroker broker) : SnapshotTests(servers, broker);
