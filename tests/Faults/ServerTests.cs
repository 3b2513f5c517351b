using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.Faults;

/// <summary>Any one process is killed with -9 under writes: what was answered with success is in the API and in the warehouse, once.</summary>
public sealed class ServerTests
{
    private static readonly TimeSpan RecoveryDeadline = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("in-memory broker", null)]
    [InlineData("real Kafka", "shared/kafka")]
    public async Task Every_acknowledged_write_arrives_exactly_once_whichever_process_is_killed(string broker, string? kafkaHome)
    {
        var kafka = Environment.GetEnvironmentVariable("KAFKA_HOME") ?? (kafkaHome is null ? null : RepositoryFolder.Beside(kafkaHome));
        // Where there is no Kafka to run, the broker of the first case is the only one a user of this machine can have either.
        await using var platform = await RunningPlatform.StartAsync(arguments: [$"--Kafka:Home={(kafkaHome is null ? null : kafka)}"]);
        await platform.CreateTenantAsync("survivor");
        using var tenant = await platform.TenantAsync("survivor");

        var acknowledged = 0;
        foreach (var victim in new[] { "cdc", "kafka", "cache", "cache-service", "data-replica-1", "postgres-replica-1", "schema", "postgres" })
        {
            for (var i = 0; i < 20; i++) acknowledged += await TryCreateAsync(tenant, $"{victim} {i}");
            await platform.KillAsync(victim);
            for (var i = 0; i < 20; i++) acknowledged += await TryCreateAsync(tenant, $"{victim} after {i}");
            await platform.WaitUntilHealthyAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{broker}: {acknowledged} writes acknowledged");
        await Eventually.HoldsAsync(
            async () =>
            {
                using var client = await platform.TenantAsync("survivor");
                var api = await CountAsync(client);
                var warehouse = (await client.GetFromJsonAsync<JsonElement>("/analytics/customers/summary")).GetProperty("rows").GetInt32();
                // A write whose answer was lost may be there too, so the API's count is what the warehouse must equal.
                return (api >= acknowledged && warehouse == api, $"{acknowledged} acknowledged, {api} in the API, {warehouse} in the warehouse");
            },
            RecoveryDeadline,
            TestContext.Current.CancellationToken);
    }

    private static async Task<int> TryCreateAsync(HttpClient tenant, string name)
    {
        try
        {
            using var answer = await tenant.PostAsJsonAsync(
                "/data/customers", new { first_name = name, last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "a@example.com" });
            return answer.IsSuccessStatusCode ? 1 : 0;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static async Task<int> CountAsync(HttpClient tenant)
    {
        var page = await tenant.GetFromJsonAsync<JsonElement>("/data/customers?limit=1000&select=customer_id");
        return page.GetProperty("items").GetArrayLength();
    }
}
