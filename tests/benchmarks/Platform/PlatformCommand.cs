using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Platform.Harness;

namespace Platform.Benchmarks.Platform;

/// <summary>The whole platform as a person runs it: start, memory, idleness, and how soon a write is in the warehouse.</summary>
internal sealed class PlatformCommand : Command
{
    // Code that runs for the first time is compiled, and compiled again once it has proved busy; idleness begins after that.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60), Idling = TimeSpan.FromSeconds(60);

    private readonly Option<int> _writes = new("--writes") { Description = "Writes to follow into the warehouse.", DefaultValueFactory = _ => 300 };

    public PlatformCommand() : base("platform", "Starts the platform from nothing and again, and measures it while it is idle.")
    {
        Options.Add(_writes);
        SetAction((result, cancellationToken) => RunAsync(result.GetValue(_writes), cancellationToken));
    }

    private static async Task<int> RunAsync(int writes, CancellationToken cancellationToken)
    {
        var table = new ResultTable("what", "measured");
        var watch = Stopwatch.StartNew();
        using var data = new TemporaryFolder();
        await using (var cold = await RunningPlatform.StartProcessAsync(data.FullPath, arguments: ["--no-demo", "--quiet"]))
        {
            table.Add("first start to all healthy, without demo", Seconds(watch.Elapsed));
            table.Add("Ctrl-C to the last process gone", Seconds(await cold.StopAsync()));
        }

        watch.Restart();
        await using var platform = await RunningPlatform.StartProcessAsync(data.FullPath, arguments: ["--no-demo", "--quiet"]);
        table.Add("later start to all healthy", Seconds(watch.Elapsed));
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        await MeasureIdleAsync(platform, table, cancellationToken);
        await MeasureWritesAsync(platform, writes, table, cancellationToken);
        Console.WriteLine(table);
        return 0;
    }

    private static async Task MeasureIdleAsync(RunningPlatform platform, ResultTable table, CancellationToken cancellationToken)
    {
        var tree = new ProcessTree(platform.ProcessId);
        var before = tree.ProcessorTime;
        await Task.Delay(Idling, TimeProvider.System, cancellationToken);
        var used = (tree.ProcessorTime - before) / Idling;
        table.Add("idle: processor time of all processes, Postgres included", string.Create(CultureInfo.InvariantCulture, $"{used * 100:0.0}% of one core"));
        var (resident, proportional) = tree.DotnetMegabytes();
        table.Add("idle: memory of the platform's own processes, resident", string.Create(CultureInfo.InvariantCulture, $"{resident:0} MB"));
        table.Add("the same, pages that processes share counted once", string.Create(CultureInfo.InvariantCulture, $"{proportional:0} MB"));
    }

    private static async Task MeasureWritesAsync(RunningPlatform platform, int writes, ResultTable table, CancellationToken cancellationToken)
    {
        await platform.CreateTenantAsync("benchmark");
        using var tenant = await platform.TenantAsync("benchmark");
        List<double> accepted = [], visible = [];
        for (var i = -20; i < writes; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await tenant.PostAsJsonAsync("/data/customers", new
            {
                first_name = "Ada", last_name = $"Number {i}", address = "1 Test Street", city = "Oslo", country = "Norway", email = "ada@example.com",
            }, cancellationToken);
            await answer.RequireSuccessAsync();
            var took = watch.Elapsed;
            watch.Restart();
            // Answered as soon as the warehouse has the write.
            using var question = new HttpRequestMessage(HttpMethod.Get, "/analytics/customers/summary");
            question.Headers.Add("X-Consistency-Token", answer.Headers.GetValues("X-Consistency-Token").Single());
            using var summary = await tenant.SendAsync(question, cancellationToken);
            await summary.RequireSuccessAsync();
            // The first ones find cold code.
            if (i < 0) continue;
            accepted.Add(took.TotalMilliseconds);
            visible.Add(watch.Elapsed.TotalMilliseconds);
        }

        var (write, freshness) = (new Percentiles(accepted), new Percentiles(visible));
        table.Add("a write through the gateway, p50 / p99", $"{write[0.5]} / {write[0.99]}");
        table.Add("write accepted to visible in the warehouse's answer, p50 / p99", $"{freshness[0.5]} / {freshness[0.99]}");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
}
