using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
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
        var first = await RunningPlatform.StartProcessAsync(folder);
        long customer;
        await using (first)
        {
            await first.CreateTenantAsync("keeper");
            using var tenant = await first.TenantAsync("keeper");
            customer = await CreateCustomerAsync(tenant, "Before");
            var took = await first.StopAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"Ctrl-C took {took.TotalSeconds:F1} s");
            await RequireNoProcessAsync(folder);
            await RequireCleanShutdownAsync(first);
            // Whatever uses Postgres has stopped before it.
            Assert.DoesNotContain(await first.LogAsync("postgres"), line => line.Contains("platform_", StringComparison.Ordinal) && line.Contains("FATAL", StringComparison.Ordinal)
                && line.Contains("administrator command", StringComparison.Ordinal) && !line.Contains("platform_replication", StringComparison.Ordinal));
        }

        await using (var second = await RunningPlatform.StartProcessAsync(folder))
        {
            using var tenant = await second.TenantAsync("keeper");
            var row = await tenant.GetFromJsonAsync<JsonElement>($"/data/customers/{customer}");
            Assert.Equal("Before", row.GetProperty("first_name").GetString());
            await CreateCustomerAsync(tenant, "Written just before the kill");
            await second.KillHostAsync();
            await RequireNoProcessAsync(folder);
        }

        await using var third = await RunningPlatform.StartProcessAsync(folder);
        // What Postgres finds at this start is how the killed host left it; nobody was there to write it to a log.
        Assert.Contains(await third.LogAsync("postgres"), line => line.Contains("database system was shut down at", StringComparison.Ordinal));
        Assert.DoesNotContain(await third.LogAsync("postgres"), line => line.Contains("was interrupted", StringComparison.Ordinal) || line.Contains("not properly shut down", StringComparison.Ordinal));
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

    [Fact]
    public async Task A_service_whose_port_another_program_has_ends_in_order_and_comes_back_when_the_port_is_free()
    {
        await using var platform = await RunningPlatform.StartAsync();
        var address = await platform.AddressAsync("cdc");
        await platform.KillAsync("cdc");
        using (var other = new TcpListener(IPAddress.Loopback, address.Port))
        {
            await Eventually.HoldsAsync(() => Task.FromResult(Takes(other)), GoneDeadline, TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(
                async () =>
                {
                    var cdc = await platform.ResourceAsync("cdc");
                    // Its background services have native clients at work when it gives up: a crash in one of them would be 134 or 139.
                    Assert.False(cdc.ExitCode is 134 or 139, $"It ended with {cdc.ExitCode}");
                    return (cdc.Restarts > 1 && cdc.ExitCode == 69, $"{cdc.Restarts} restarts, {cdc.State}, exit code {cdc.ExitCode}");
                },
                TimeSpan.FromSeconds(60),
                TestContext.Current.CancellationToken);
        }

        await platform.WaitUntilHealthyAsync();
    }

    private static async Task RequireCleanShutdownAsync(RunningPlatform platform)
    {
        foreach (var node in new[] { "postgres", "postgres-replica-1", "postgres-replica-2" })
            Assert.Contains(await platform.LogAsync(node), line => line.Contains("database system is shut down", StringComparison.Ordinal));
    }

    private static (bool Holds, string Seen) Takes(TcpListener listener)
    {
        try
        {
            listener.Start();
            return (true, "");
        }
        catch (SocketException exception)
        {
            return (false, exception.Message);
        }
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
