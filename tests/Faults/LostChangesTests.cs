using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Platform.Harness;
using Xunit;

namespace Platform.Faults;

/// <summary>Changes that nobody can read any more: the warehouse comes to equal the database again, deletions included.</summary>
public sealed class LostChangesTests
{
    private static readonly TimeSpan RecoveryDeadline = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_slot_that_was_dropped_while_nobody_captured_is_made_good_by_a_new_snapshot()
    {
        var environment = new Dictionary<string, string?> { ["KAFKA_HOME"] = null };
        await using var platform = await RunningPlatform.StartAsync(environment: environment);
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
            TestContext.Current.CancellationToken);
        await CreateAsync(tenant, "after");

        // 'before 1' and 'before 10' to 'before 19' are gone.
        await EqualAsync(platform, 20);
        for (var i = 0; i < 5; i++) await CreateAsync(tenant, $"later {i}");
        await EqualAsync(platform, 25);
        var log = await File.ReadAllTextAsync(Path.Combine(platform.DataFolder, "logs", "cdc.log"), TestContext.Current.CancellationToken);
        Assert.Contains("The replication slot platform_cdc is gone. Changes were lost", log, StringComparison.Ordinal);
        Assert.Contains("rows of customers were deleted in changes that nobody saw", log, StringComparison.Ordinal);
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
        TestContext.Current.CancellationToken);
}
