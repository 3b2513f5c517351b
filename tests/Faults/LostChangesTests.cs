using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Platform.Faults.Campaign;
using Platform.Harness;
using Xunit;

namespace Platform.Faults;

/// <summary>Changes that nobody can read any more: the warehouse comes to equal the database again, deletions included.</summary>
public sealed class LostChangesTests
{
    private static readonly TimeSpan RecoveryDeadline = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slot_that_was_dropped_while_nobody_captured_is_made_good_by_a_new_snapshot()
    {
        await using var platform = await RunningPlatform.StartAsync(arguments: ["--Kafka:Home="]);
        await platform.CreateTenantAsync("gap");
        using var tenant = await platform.TenantAsync("gap");
        for (var i = 0; i < 30; i++) await CreateAsync(tenant, $"before {i}");
        await EqualAsync(platform, 30);

        // The process is started again in a moment: until then the changes are in the log only, and with the slot they are gone.
        await using var capture = new NpgsqlConnection(await platform.PostgresAsync("cdc"));
        await capture.OpenAsync();
        await platform.KillAsync("cdc");
        await platform.ExecuteAsync("gap", "DELETE FROM app.customers WHERE first_name LIKE 'before 1%'");
        await platform.ExecuteAsync("gap", "UPDATE app.customers SET city = 'Bergen' WHERE first_name LIKE 'before 2%'");
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await using var drop = new NpgsqlCommand("SELECT pg_drop_replication_slot('platform_cdc')", capture);
                    await drop.ExecuteNonQueryAsync();
                    return (true, "");
                }
                catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
                {
                    return (false, exception.Message);
                }
            },
            RecoveryDeadline,
            Cancellation);
        await CreateAsync(tenant, "after");

        // 'before 1' and 'before 10' to 'before 19' are gone.
        await EqualAsync(platform, 20);
        for (var i = 0; i < 5; i++) await CreateAsync(tenant, $"later {i}");
        await EqualAsync(platform, 25);
        var log = await File.ReadAllTextAsync(Path.Combine(platform.DataFolder, "logs", "cdc.log"), Cancellation);
        Assert.Contains("The replication slot platform_cdc is gone. Changes were lost", log, StringComparison.Ordinal);
        Assert.Contains("rows of customers were deleted in changes that nobody saw", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loss_that_nobody_noticed_is_found_by_the_comparison_row_by_row_and_healed_by_a_snapshot()
    {
        await using var platform = await RunningPlatform.StartAsync(arguments: ["--Kafka:Home="]);
        await platform.CreateTenantAsync("gap");
        using var tenant = await platform.TenantAsync("gap");
        for (var i = 0; i < 10; i++) await CreateAsync(tenant, $"row {i}");
        await Comparison.RequireEqualAsync(platform, Cancellation);

        // The log has these changes; capture is not given them.
        await using (var owner = new NpgsqlConnection(await platform.PostgresAsync("owner")))
        {
            await owner.OpenAsync(Cancellation);
            await using var drop = new NpgsqlCommand("ALTER PUBLICATION platform DROP TABLE app.customers", owner);
            await drop.ExecuteNonQueryAsync(Cancellation);
            await CreateAsync(tenant, "missed");
            await platform.ExecuteAsync("gap", "UPDATE app.customers SET city = 'Bergen' WHERE first_name IN ('row 3', 'row 4')");
            await platform.ExecuteAsync("gap", "DELETE FROM app.customers WHERE first_name IN ('row 7', 'row 8', 'row 9')");
            await using var add = new NpgsqlCommand("ALTER PUBLICATION platform ADD TABLE app.customers", owner);
            await add.ExecuteNonQueryAsync(Cancellation);
        }

        var report = await Comparison.RunAsync(platform, Cancellation);
        Assert.False(report.GetProperty("isEqual").GetBoolean());
        var customers = Comparison.Source(report).GetProperty("entities").EnumerateArray().Single(entity => entity.GetProperty("name").GetString() == "customers");
        var difference = Assert.Single(customers.GetProperty("differences").EnumerateArray());
        Assert.Equal(
            ("gap", 1, 3, 2, 6),
            (difference.GetProperty("tenant").GetString(), difference.GetProperty("missing").GetInt32(), difference.GetProperty("superfluous").GetInt32(),
                difference.GetProperty("different").GetInt32(), difference.GetProperty("keys").GetArrayLength()));

        using var @operator = await platform.OperatorAsync();
        using var ordered = await @operator.PostAsJsonAsync("/capture/snapshots", new { entities = new[] { "customers" } }, Cancellation);
        await ordered.RequireSuccessAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                var again = await Comparison.RunAsync(platform, Cancellation);
                return (again.GetProperty("isEqual").GetBoolean(), again.ToString());
            },
            RecoveryDeadline,
            Cancellation);
    }

    private static async Task CreateAsync(HttpClient tenant, string name)
    {
        using var answer = await tenant.PostAsJsonAsync(
            "/data/customers", new { first_name = name, last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "a@example.com" });
        await answer.RequireSuccessAsync();
    }

    private static Task EqualAsync(RunningPlatform platform, int expected) => Eventually.HoldsAsync(
        async () =>
        {
            try
            {
                using var client = await platform.TenantAsync("gap");
                var rows = (await client.GetFromJsonAsync<JsonElement>("/analytics/customers/summary")).GetProperty("rows").GetInt32();
                return (rows == expected, $"{rows} rows in the warehouse, {expected} in the database");
            }
            catch (HttpRequestException exception)
            {
                return (false, exception.Message);
            }
        },
        RecoveryDeadline,
        Cancellation);
}
