using System.Diagnostics;
using System.Globalization;
using Platform.Faults.Campaign;
using Platform.Harness;
using Xunit;

namespace Platform.Faults;

/// <summary>
/// Capture with the warehouse, the broker and Postgres are killed with -9 again and again while three tenants write, often one before the other is back. The number of kills is
/// <c>PLATFORM_FAULT_KILLS</c>, 10 unless told; <c>PLATFORM_FAULT_SEED</c> repeats a campaign's choices.
/// </summary>
public sealed class KillCampaignTests
{
    private const int CompareEvery = 10;

    private static readonly string[] Tenants = ["north", "south", "west"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_row_and_every_version_is_in_the_warehouse_once_whatever_is_killed_and_whenever()
    {
        var kills = Setting("PLATFORM_FAULT_KILLS") ?? 10;
        var seed = Setting("PLATFORM_FAULT_SEED") ?? Random.Shared.Next();
        Write($"{kills} kills, seed {seed}");
        var kafka = Environment.GetEnvironmentVariable("KAFKA_HOME") ?? RepositoryFolder.Beside("shared/kafka");
        await using var platform = await RunningPlatform.StartAsync(arguments: [$"--Kafka:Home={kafka}"]);
        foreach (var tenant in Tenants) await platform.CreateTenantAsync(tenant);
        await ChangeJournal.BeginAsync(platform);

        var began = Stopwatch.GetTimestamp();
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var connection = await platform.PostgresAsync("api");
        Writer[] writers = [.. Tenants.Select((tenant, i) => new Writer(connection, tenant, seed + i))];
        var running = Task.WhenAll(writers.Select(writer => Task.Run(() => writer.RunAsync(writing.Token), Cancellation)));
        await KillAsync(platform, new Random(seed), kills, running);
        await platform.WaitUntilHealthyAsync();
        await writing.CancelAsync();
        await running;

        var committed = writers.Sum(writer => writer.Committed);
        Assert.True(committed > kills, $"only {committed} transactions were committed");
        await Comparison.RequireEqualAsync(platform, Cancellation);
        var expected = await ChangeJournal.ReadAsync(platform);
        await platform.StopAsync();
        Write($"{committed} transactions, {expected.Values.Sum(images => images.Count)} changes of {expected.Count} rows in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        WarehouseFile.RequireVersions(expected, platform.DataFolder);
    }

    private static async Task KillAsync(RunningPlatform platform, Random random, int kills, Task writers)
    {
        for (var kill = 0; kill < kills;)
        {
            // More than half of the time everything is well before the next one.
            if (random.Next(5) < 3) await platform.WaitUntilHealthyAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1500)), TimeProvider.System, Cancellation);
            if (writers.IsCompleted) await writers;
            var victim = random.Next(6) switch { 0 or 1 or 2 => "cdc", 3 or 4 => "kafka", _ => "postgres" };
            var did = victim switch
            {
                "cdc" => KillResourceAsync(platform, victim),
                // Not the process that looks after the server, but the server.
                "kafka" => KillServerAsync(platform, Path.Combine("kafka", "broker.pid")),
                _ => KillServerAsync(platform, Path.Combine("postgres", "postmaster.pid")),
            };
            if (!await did) continue;
            Write($"{++kill}: {victim}");
            if (kill % CompareEvery == 0) await Comparison.RequireEqualAsync(platform, Cancellation);
        }
    }

    private static async Task<bool> KillResourceAsync(RunningPlatform platform, string name)
    {
        if ((await platform.ResourceAsync(name)).Pid is null) return false;
        try
        {
            await platform.KillAsync(name);
            return true;
        }
        catch (ArgumentException)
        {
            return false; // It ended between the question and the kill.
        }
    }

    private static async Task<bool> KillServerAsync(RunningPlatform platform, string pidFile)
    {
        var file = Directory.EnumerateFiles(Path.Combine(platform.DataFolder, Path.GetDirectoryName(pidFile)!), Path.GetFileName(pidFile), SearchOption.AllDirectories).FirstOrDefault();
        // In memory the broker is its own server.
        if (file is null) return pidFile.StartsWith("kafka", StringComparison.Ordinal) && await KillResourceAsync(platform, "kafka");
        var id = int.Parse((await File.ReadAllTextAsync(file, Cancellation)).Split(' ', '\n')[0], CultureInfo.InvariantCulture);
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (ArgumentException)
        {
            return false; // It is down already.
        }
    }

    private static int? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    private static void Write(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
