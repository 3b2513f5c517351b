using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Platform.Faults.Campaign;
using Platform.Harness;
using Xunit;

namespace Platform.Faults;

/// <summary>Debezium, with the configuration of <c>infra/debezium</c>, in the place of the platform's own capture.</summary>
public sealed class DebeziumCaptureTests
{
    private const string Tenant = "elsewhere";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_warehouse_has_every_row_and_every_version_once_although_its_worker_is_killed()
    {
        var kafka = Environment.GetEnvironmentVariable("KAFKA_HOME") ?? RepositoryFolder.Beside("shared/kafka");
        if (kafka is null || !Directory.Exists(Path.Combine(kafka, "connect-plugins"))) Assert.Skip("Debezium needs a Kafka 4 with its plug-in in connect-plugins; KAFKA_HOME names one.");
        await using var platform = await RunningPlatform.StartAsync(arguments: [$"--Kafka:Home={kafka}", "--Capture:Enabled=false"]);
        await platform.CreateTenantAsync(Tenant);
        await ChangeJournal.BeginAsync(platform);
        var writer = new Writer(await platform.PostgresAsync("api"), Tenant, seed: 1);

        // What is there before is its snapshot, and what comes while it is down is in its slot.
        await WriteAsync(writer, transactions: 100);
        var before = await ChangeJournal.ReadAsync(platform);
        using (var worker = await ConnectWorker.StartAsync(platform, kafka))
        {
            await SlotMadeAsync(platform, worker);
            await ArrivedAsync(platform, "first");
            await WriteAsync(writer, transactions: 200);
            await ArrivedAsync(platform, "second");
            await WriteAsync(writer, transactions: 100);
        }

        await WriteAsync(writer, transactions: 100);
        using (await ConnectWorker.StartAsync(platform, kafka)) await ArrivedAsync(platform, "third");
        var expected = await ChangeJournal.ReadAsync(platform);
        await platform.StopAsync();

        // Of the time before its snapshot Debezium knows how rows were in the end.
        foreach (var (row, images) in before) expected[row].RemoveRange(0, images[^1] == "deleted" ? images.Count : images.Count - 1);
        foreach (var row in before.Keys.Where(row => expected[row].Count == 0)) expected.Remove(row);
        WarehouseFile.RequireVersions(expected, platform.DataFolder);
    }

    private static async Task WriteAsync(Writer writer, int transactions)
    {
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var until = writer.Committed + transactions;
        var running = writer.RunAsync(writing.Token);
        await Eventually.HoldsAsync(() => Task.FromResult((writer.Committed >= until || running.IsCompleted, $"{writer.Committed} of {until}")), Patience, Cancellation);
        await writing.CancelAsync();
        await running;
    }

    // What is written from then on is no part of the snapshot.
    private static async Task SlotMadeAsync(RunningPlatform platform, ConnectWorker worker)
    {
        await using var connection = new NpgsqlConnection(await platform.SuperuserAsync());
        await connection.OpenAsync(Cancellation);
        await Eventually.HoldsAsync(
            async () =>
            {
                await using var slot = new NpgsqlCommand("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'platform_debezium' AND confirmed_flush_lsn IS NOT NULL", connection);
                return (await slot.ExecuteScalarAsync(Cancellation) is 1L, worker.Output);
            },
            Patience,
            Cancellation);
    }

    // Each row is changed once more. Its events come in order, so the last one has all others before it; enough rows are in every partition.
    private static async Task ArrivedAsync(RunningPlatform platform, string mark)
    {
        foreach (var (entity, column) in new[] { ("customers", "city"), ("products", "name") })
        {
            var rows = await platform.ExecuteAsync(Tenant, $"UPDATE app.{entity} SET {column} = '{mark}'");
            var question = new { filters = new[] { new { column, @operator = "eq", values = new[] { mark } } } };
            using var tenant = await platform.TenantAsync(Tenant);
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var answer = await tenant.PostAsJsonAsync($"/analytics/{entity}/query", question, Cancellation);
                    var text = await answer.Content.ReadAsStringAsync(Cancellation);
                    if (!answer.IsSuccessStatusCode) return (false, text);
                    using var counted = JsonDocument.Parse(text);
                    var found = counted.RootElement.GetProperty("items")[0].GetProperty("count").GetInt64();
                    return (found == rows, $"{found} of {rows} {entity} have come: {text}");
                },
                Patience,
                Cancellation);
        }
    }
}
