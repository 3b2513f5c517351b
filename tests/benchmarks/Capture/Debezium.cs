using System.Diagnostics;

namespace Platform.Benchmarks.Capture;

/// <summary>Debezium's connector in a Kafka Connect worker of its own, on the same database and broker.</summary>
internal sealed class Debezium : IDisposable
{
    private readonly Process _worker;

    private Debezium(Process worker) => _worker = worker;

    /// <summary>Resident memory of the worker in bytes.</summary>
    public long Memory
    {
        get
        {
            _worker.Refresh();
            return _worker.WorkingSet64;
        }
    }

    /// <summary>Starts it, or starts it again where it was.</summary>
    /// <param name="servers">Database and broker.</param>
    /// <param name="name">Names its topics and its slot.</param>
    /// <param name="snapshotMode">What it reads before the log: <c>no_data</c> or <c>initial_only</c>, which ends with the rows.</param>
    public static Debezium Start(CaptureServers servers, string name = "debezium", string snapshotMode = "no_data")
    {
        var folder = servers.Folder(name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "worker.properties"), $"""
            bootstrap.servers={servers.BootstrapServers}
            key.converter=org.apache.kafka.connect.json.JsonConverter
            value.converter=org.apache.kafka.connect.json.JsonConverter
            key.converter.schemas.enable=false
            value.converter.schemas.enable=false
            offset.storage.file.filename={folder}/offsets
            offset.flush.interval.ms=1000
            plugin.path={servers.Kafka.Home}/connect-plugins
            listeners=http://127.0.0.1:0
            producer.compression.type=lz4
            producer.batch.size=131072
            producer.linger.ms=5
            """);
        File.WriteAllText(Path.Combine(folder, "connector.properties"), $"""
            name={name}
            connector.class=io.debezium.connector.postgresql.PostgresConnector
            database.hostname=127.0.0.1
            database.port={servers.Port}
            database.user=postgres
            database.password={CaptureServers.RolePassword}
            database.dbname=platform
            topic.prefix={name}
            plugin.name=pgoutput
            slot.name={name}
            publication.name=sales
            publication.autocreate.mode=disabled
            snapshot.mode={snapshotMode}
            tombstones.on.delete=true
            provide.transaction.metadata=false
            max.batch.size=8192
            max.queue.size=32768
            poll.interval.ms=5
            """);
        var start = new ProcessStartInfo(
            Path.Combine(servers.Kafka.Home, "bin", "connect-standalone.sh"), [Path.Combine(folder, "worker.properties"), Path.Combine(folder, "connector.properties")])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        start.Environment["KAFKA_HEAP_OPTS"] = "-Xms256m -Xmx1g";
        start.Environment["LOG_DIR"] = folder;
        var worker = Process.Start(start)!;
        worker.OutputDataReceived += (_, _) => { };
        worker.ErrorDataReceived += (_, _) => { };
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
        return new(worker);
    }

    public void Dispose()
    {
        if (!_worker.HasExited) _worker.Kill(entireProcessTree: true);
        _worker.WaitForExit();
        _worker.Dispose();
    }
}
