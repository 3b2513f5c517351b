using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using Platform.Harness;

namespace Platform.Faults.Campaign;

/// <summary>A Kafka Connect worker with Debezium, run with the configuration of <c>infra/debezium</c> against a platform whose own capture is off.</summary>
internal sealed class ConnectWorker : IDisposable
{
    private readonly Process _worker;
    private readonly StringWriter _output = new();

    private ConnectWorker(Process worker)
    {
        _worker = worker;
        worker.OutputDataReceived += (_, line) => Write(line.Data);
        worker.ErrorDataReceived += (_, line) => Write(line.Data);
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
    }

    /// <summary>What it has printed.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public static async Task<ConnectWorker> StartAsync(RunningPlatform platform, string kafkaHome)
    {
        var configuration = Path.Combine(RepositoryFolder.Root, "infra", "debezium");
        var start = new ProcessStartInfo(
            Path.Combine(kafkaHome, "bin", "connect-standalone.sh"), [Path.Combine(configuration, "worker.properties"), Path.Combine(configuration, "connector.properties")])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = kafkaHome,
        };
        var postgres = new NpgsqlConnectionStringBuilder(await platform.PostgresAsync("cdc"));
        // Debezium takes one host; this is the primary as long as nobody fails over.
        var address = await platform.AddressAsync("postgres");
        var kafka = await platform.AddressAsync("kafka");
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["KAFKA_BOOTSTRAP_SERVERS"] = $"{kafka.Host}:{kafka.Port}",
            ["CONNECT_OFFSETS_FILE"] = Path.Combine(platform.DataFolder, "connect.offsets"), ["CONNECT_LISTENER"] = "http://127.0.0.1:0", ["POSTGRES_HOST"] = address.Host,
            ["POSTGRES_PORT"] = address.Port.ToString(CultureInfo.InvariantCulture), ["POSTGRES_CDC_PASSWORD"] = postgres.Password,
            ["KAFKA_HEAP_OPTS"] = "-Xms128m -Xmx1g", ["LOG_DIR"] = Path.Combine(platform.DataFolder, "connect-log"),
        }) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Kills it with -9, the shell around it included.</summary>
    public void Dispose()
    {
        if (!_worker.HasExited) _worker.Kill(entireProcessTree: true);
        _worker.WaitForExit();
        _worker.Dispose();
    }

    private void Write(string? line)
    {
        lock (_output) _output.WriteLine(line);
    }
}
