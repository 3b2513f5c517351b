using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Harness;
using Xunit;
using Xunit.v3;

// Each test runs a whole platform, and what is promised of a machine that is not overloaded is tested on one.
[assembly: Parallelization(MaxThreads = 1)]

namespace Platform.Faults;

/// <summary>The host dies or stops: nothing stays behind, nothing is lost.</summary>
public sealed class HostTests
{
    private static readonly TimeSpan GoneDeadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task After_ctrl_c_or_kill_9_no_process_stays_and_the_data_is_there_on_the_next_start()
    {
        using var data = new TemporaryFolder();
        var folder = data.FullPath;
        var first = await RunningPlatform.StartAsync(folder);
        long customer;
        await using (first)
        {
            await first.CreateTenantAsync("keeper");
            using var tenant = await first.TenantAsync("keeper");
            customer = await CreateCustomerAsync(tenant, "Before");
            var took = await first.StopAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"Ctrl-C took {took.TotalSeconds:F1} s");
            await RequireNoProcessAsync(folder);
        }

        await using (var second = await RunningPlatform.StartAsync(folder))
        {
            using var tenant = await second.TenantAsync("keeper");
            var row = await tenant.GetFromJsonAsync<JsonElement>($"/data/customers/{customer}");
            Assert.Equal("Before", row.GetProperty("first_name").GetString());
            await CreateCustomerAsync(tenant, "Written just before the kill");
            await second.KillHostAsync();
            await RequireNoProcessAsync(folder);
        }

        await using var third = await RunningPlatform.StartAsync(folder);
        using var again = await third.TenantAsync("keeper");
        var page = await again.GetFromJsonAsync<JsonElement>("/data/customers");
        Assert.Equal(2, page.GetProperty("items").GetArrayLength());
        await Eventually.HoldsAsync(
            async () =>
            {
                var rows = (await again.GetFromJsonAsync<JsonElement>("/analytics/customers/summary")).GetProperty("rows").GetInt32();
                return (rows == 2, $"{rows} rows in the warehouse");
            },
            TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken);
    }

    private static async Task<long> CreateCustomerAsync(HttpClient tenant, string name)
    {
        var answer = await tenant.PostAsJsonAsync("/data/customers", new { first_name = name, last_name = "Test", address = "1 Test Street", city = "Oslo", country = "Norway", email = "a@example.com" });
        await answer.RequireSuccessAsync();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("customer_id").GetInt64();
    }

    // Every process of the platform has the data folder in its command line or environment.
    private static Task RequireNoProcessAsync(string folder) => Eventually.HoldsAsync(
        () =>
        {
            var left = Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out var id) && id != Environment.ProcessId)
                .Where(p => Mentions($"{p}/cmdline", folder) || Mentions($"{p}/environ", folder))
                .Select(p => $"{Path.GetFileName(p)} {CommandOf(p)}")
                .ToList();
            return Task.FromResult((left.Count == 0, "processes left: " + string.Join(", ", left)));
        },
        GoneDeadline,
        TestContext.Current.CancellationToken);

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline").Replace('\0', ' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "(gone)";
        }
    }

    private static bool Mentions(string file, string text)
    {
        try
        {
            return File.ReadAllText(file).Contains(text, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended meanwhile.
        }
    }
}
