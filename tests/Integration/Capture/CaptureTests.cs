using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Snapshots;
using Platform.Harness;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>What the log does beyond single rows: large transactions, rollbacks, changes of tables, quiet databases.</summary>
public abstract class CaptureTests(PlatformServers servers, BrokerFixture broker) : IAsyncLifetime
{
    private const string Table =
        """
        CREATE TABLE things (tenant_id text NOT NULL, id bigint NOT NULL, note text, PRIMARY KEY (tenant_id, id));
        ALTER TABLE things REPLICA IDENTITY FULL;
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await broker.ReadyAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_transaction_that_Postgres_sends_while_it_goes_on_arrives_whole_and_without_what_was_rolled_back()
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.Superuser.ExecuteAsync($"ALTER ROLE platform_cdc IN DATABASE {database.Settings.Slot} SET logical_decoding_work_mem = '64kB'", Cancellation);
        await database.StartAsync(Cancellation);
        await database.RunAsync(
            """
            BEGIN;
            INSERT INTO things SELECT 'jane', i, repeat('x', 100) FROM generate_series(1, 5000) i;
            SAVEPOINT a;
            INSERT INTO things SELECT 'jane', i, repeat('x', 100) FROM generate_series(5001, 9000) i;
            SAVEPOINT b;
            UPDATE things SET note = 'gone' WHERE id <= 3000;
            ROLLBACK TO b;
            INSERT INTO things SELECT 'jane', i, 'kept' FROM generate_series(9001, 10000) i;
            ROLLBACK TO a;
            ALTER TABLE things ADD COLUMN more int;
            INSERT INTO things SELECT 'jane', i, 'after', i FROM generate_series(20001, 22000) i
            """,
            Cancellation);
        // The connection ended with the transaction open: all of it is rolled back.
        await database.RunAsync(
            """
            BEGIN;
            INSERT INTO things SELECT 'jane', i, repeat('x', 100) FROM generate_series(1, 5000) i;
            SAVEPOINT a;
            INSERT INTO things SELECT 'jane', i, repeat('x', 100) FROM generate_series(5001, 9000) i;
            ROLLBACK TO a;
            ALTER TABLE things ADD COLUMN more int;
            INSERT INTO things SELECT 'jane', i, 'after', i FROM generate_series(20001, 22000) i;
            DELETE FROM things WHERE id = 20001;
            COMMIT
            """,
            Cancellation);
        await database.RunAsync("INSERT INTO things VALUES ('steve', 1, 'small', 1)", Cancellation);
        await database.CatchUpAsync(Cancellation);

        var changes = database.Read("public.things").Where(message => !message.IsTombstone).ToList();
        Assert.Equal(7_002, changes.Count);
        var large = changes.Take(7_001).ToList();
        Assert.Equal(Enumerable.Range(1, 7_001).Select(i => (long)i), large.Select(message => message.Place.Ordinal));
        Assert.Single(large.Select(message => message.Place.Commit).Distinct());
        Assert.Equal(Enumerable.Range(1, 5000).Concat(Enumerable.Range(20_001, 2000)).Append(20_001).Select(id => (long)id), large.Select(Id));
        Assert.True(large[5000].Payload!["after"]!.AsObject().ContainsKey("more"));
        Assert.False(large[0].Payload!["after"]!.AsObject().ContainsKey("more"));
        Assert.True(changes[^1].Place.Commit > large[0].Place.Commit);
        Assert.True(Directory.Exists(database.SpoolFolder), "The transaction was not streamed, so this shows nothing.");
        Assert.Empty(Directory.EnumerateFiles(database.SpoolFolder));
        Assert.True(await database.Superuser.ReadAsync<long>(
            "SELECT stream_txns FROM pg_stat_replication_slots WHERE slot_name = $1", Cancellation, database.Settings.Slot) > 0);
    }

    [Fact]
    public async Task While_a_large_transaction_is_open_the_position_of_a_quiet_log_is_known_all_the_same()
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.Superuser.ExecuteAsync($"ALTER ROLE platform_cdc IN DATABASE {database.Settings.Slot} SET logical_decoding_work_mem = '64kB'", Cancellation);
        await database.StartAsync(Cancellation);
        await using (var connection = await database.Superuser.OpenConnectionAsync(Cancellation))
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await using (var insert = new NpgsqlCommand("INSERT INTO things SELECT 'jane', i, repeat('x', 100) FROM generate_series(1, 5000) i", connection, transaction))
                await insert.ExecuteNonQueryAsync(Cancellation);
            await database.WaitAsync(() => Directory.Exists(database.SpoolFolder) && Directory.EnumerateFiles(database.SpoolFolder).Any(), Cancellation);
            // The log ends in what belongs to no commit.
            await using (var insert = new NpgsqlCommand("INSERT INTO things VALUES ('jane', 0)", connection, transaction)) await insert.ExecuteNonQueryAsync(Cancellation);
            await database.Superuser.ExecuteAsync("CHECKPOINT", Cancellation);
            await database.CatchUpAsync(Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        await database.CatchUpAsync(Cancellation);
        Assert.Equal(5001, database.Read("public.things").Count);
    }

    [Fact]
    public async Task Tables_change_while_they_are_captured_and_no_row_is_lost()
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.StartAsync(Cancellation);
        string[] changes =
        [
            "SELECT 1", "ALTER TABLE things ADD COLUMN a int NOT NULL DEFAULT 7", "ALTER TABLE things RENAME COLUMN note TO text", "ALTER TABLE things ALTER COLUMN a TYPE text",
            "ALTER TABLE things DROP COLUMN text", "CREATE TABLE things_new (id int PRIMARY KEY)", "ALTER TABLE things ADD COLUMN b timestamptz DEFAULT now()",
        ];
        for (var i = 0; i < changes.Length; i++)
            await database.RunAsync($"{changes[i]};\nINSERT INTO things (tenant_id, id) VALUES ('jane', {i})", Cancellation);
        await database.RunAsync("INSERT INTO things_new VALUES (1)", Cancellation);
        await database.CatchUpAsync(Cancellation);

        var rows = database.Read("public.things").Select(message => message.Payload!["after"]!.AsObject()).ToList();
        Assert.Equal(
            [
                "tenant_id id note", "tenant_id id note a", "tenant_id id text a", "tenant_id id text a", "tenant_id id a", "tenant_id id a", "tenant_id id a b",
            ],
            rows.Select(row => string.Join(' ', row.Select(field => field.Key))));
        Assert.Equal(["7", "\"7\""], new[] { rows[2], rows[3] }.Select(row => row["a"]!.ToJsonString()));
        Assert.Single(database.Read("public.things_new"));
    }

    [Fact]
    public async Task A_quiet_database_lets_go_of_the_log_that_others_write()
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.StartAsync(Cancellation);
        await using var other = await ScratchDatabase.CreateAsync(servers, Cancellation);
        await other.Superuser.ExecuteAsync("CREATE TABLE noise AS SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i", Cancellation);
        var lsn = await other.Superuser.ReadAsync<string>("SELECT pg_current_wal_lsn()::text", Cancellation);
        await database.WaitAsync(
            () => database.Superuser.ReadAsync<bool>(
                "SELECT confirmed_flush_lsn >= $1::pg_lsn FROM pg_replication_slots WHERE slot_name = $2", Cancellation, lsn, database.Settings.Slot).GetAwaiter().GetResult(),
            Cancellation);
    }

    [Fact]
    public async Task The_trace_of_the_request_that_wrote_goes_with_the_change_and_only_with_that()
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.StartAsync(Cancellation);
        const string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        await database.RunAsync(
            $"""
             BEGIN;
             SELECT pg_logical_emit_message(true, 'platform.trace', '{trace}');
             INSERT INTO things VALUES ('jane', 1);
             COMMIT;
             INSERT INTO things VALUES ('jane', 2)
             """,
            Cancellation);
        await database.CatchUpAsync(Cancellation);
        Assert.Equal([trace, null], database.Read("public.things").Select(message => message.Headers.GetValueOrDefault("traceparent")));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5_000)]
    public async Task A_traced_transaction_is_one_span_and_all_of_its_events_carry_that(int rows)
    {
        var (trace, request) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        using var spans = new RecordedSpans([TransactionTrace.Source.Name], isWanted: id => id == trace);
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        // The larger one is sent while it goes on.
        await database.Superuser.ExecuteAsync($"ALTER ROLE platform_cdc IN DATABASE {database.Settings.Slot} SET logical_decoding_work_mem = '64kB'", Cancellation);
        await database.StartAsync(Cancellation);
        await database.RunAsync(
            $"""
             BEGIN;
             SELECT pg_logical_emit_message(true, 'platform.trace', '00-{trace}-{request}-01');
             INSERT INTO things SELECT 'jane', i, repeat('x', 100) FROM generate_series(1, {rows}) i;
             DELETE FROM things WHERE id = 1;
             COMMIT;
             BEGIN;
             SELECT pg_logical_emit_message(true, 'platform.trace', 'nonsense');
             INSERT INTO things VALUES ('jane', 10001);
             COMMIT;
             INSERT INTO things VALUES ('jane', 10002)
             """,
            Cancellation);
        await database.CatchUpAsync(Cancellation);

        var span = Assert.Single(spans.Ended);
        Assert.Equal((request, ActivityKind.Producer, ActivityStatusCode.Unset), (span.ParentSpanId, span.Kind, span.Status));
        // A deletion is one change and two messages.
        Assert.Equal((rows + 1L, rows + 2L), (span.GetTagItem("platform.changes"), span.GetTagItem("messaging.batch.message_count")));
        var carried = $"00-{trace}-{span.SpanId}-01";
        Assert.Equal([.. Enumerable.Repeat<string?>(carried, rows + 2), null, null], database.Read("public.things").Select(message => message.Headers.GetValueOrDefault("traceparent")));
    }

    [Fact]
    public async Task Capture_is_held_and_goes_on_without_losing_anything()
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.StartAsync(Cancellation);
        await database.WaitAsync(() => database.Snapshots.All is [{ Status: SnapshotStatus.Done }], Cancellation);
        database.State.Pause();
        await database.WaitAsync(() => database.State.Activity == "paused", Cancellation);
        await database.RunAsync("INSERT INTO things VALUES ('jane', 1)", Cancellation);
        database.State.Resume();
        await database.CatchUpAsync(Cancellation);
        // Being held is no loss.
        Assert.Equal(["The slot is new."], database.Snapshots.All.Select(run => run.Reason));
        // It may have read the row already; then it reads it again, at the same place.
        Assert.Equal([1L], database.Read("public.things").DistinctBy(message => message.Place).Select(Id));
    }

    [Fact]
    public async Task It_ends_also_where_it_is_told_to_in_the_moment_in_which_the_stream_begins()
    {
        await using var database = await CapturedDatabase.CreateAsync(servers, broker.BootstrapServers, Table, Cancellation);
        await database.StartAsync(Cancellation);
        await database.KillAsync();
        await using var proxy = new HoldingProxy(servers.Primary.Port, "START_REPLICATION"u8);
        database.Begin(proxy.Port);
        await proxy.Held.WaitAsync(Deadline.Usual, Cancellation);
        var ending = database.KillAsync();
        // The server has not been asked for anything yet, so the request to cancel cancels nothing.
        await proxy.Cancelled.WaitAsync(Deadline.Usual, Cancellation);
        proxy.Release();
        await ending.WaitAsync(Deadline.Usual, Cancellation);
    }

    private static long Id(CapturedMessage message) => ((message.Payload!["after"] ?? message.Payload["before"])!["id"] as JsonValue)!.GetValue<long>();
}

/// <summary>The same into a broker in memory.</summary>
public sealed class CaptureIntoMemoryTests(PlatformServers servers, BrokerFixture broker) : CaptureTests(servers, broker), IClassFixture<BrokerFixture>;

/// <summary>The same into a real Kafka.</summary>
public sealed class CaptureIntoKafkaTests(PlatformServers servers, RealBroker broker) : CaptureTests(servers, broker);
