using System.Diagnostics;
using System.Globalization;
using Platform.Local;
using Platform.Native.Processes;

namespace Platform.Native.Kafka;

/// <summary>
/// A real Kafka of one node in KRaft mode, durable, on the loopback address only. Topics appear on first use with 4 partitions.
/// </summary>
/// <param name="kafka">What to run.</param>
/// <param name="folder">Folder of its data and configuration; made when missing.</param>
/// <param name="port">Port of the loopback address for clients.</param>
/// <param name="log">Gets what the broker writes, line by line.</param>
/// <param name="time">Clock of restarts.</param>
public sealed class KafkaBroker(KafkaInstallation kafka, string folder, int port, TextWriter log, TimeProvider? time = null) : INativeServer
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly string _folder = Path.GetFullPath(folder);
    private readonly KafkaProbe _probe = new(port);
    private SupervisedProcess? _process;
    private int _remembered;

    public int Port => port;

    /// <summary>Id of the broker's process; null while it does not run.</summary>
    public int? ProcessId => _process?.ProcessId;

    private string PidFile => Path.Combine(_folder, "broker.pid");

    private string Configuration => Path.Combine(_folder, "server.properties");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        StopLeftover();
        _process = new SupervisedProcess(
            new SupervisedProcessOptions { Name = "kafka", PrepareAsync = PrepareAsync, StopPatience = TimeSpan.FromSeconds(4) }, log, _time);
        _process.Start();
        await Readiness.WaitAsync(this, _process, _time, cancellationToken);
    }

    public async ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (_process is null) return "starting";
        if (_process.Problem is { } problem) return problem;
        if (_process.ProcessId is { } pid) await RememberAsync(pid, cancellationToken);
        return await _probe.FindProblemAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _probe.Dispose();
        if (_process is not null) await _process.DisposeAsync();
        File.Delete(PidFile);
    }

    private async Task<ProcessStartInfo> PrepareAsync(CancellationToken cancellationToken)
    {
        var logs = Path.Combine(_folder, "log");
        // The controller talks to itself only, so any port does; it is another one at every start.
        var controller = LoopbackPort.Free();
        await File.WriteAllTextAsync(Configuration, $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:{controller}
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
            advertised.listeners=PLAINTEXT://127.0.0.1:{port}
            controller.listener.names=CONTROLLER
            inter.broker.listener.name=PLAINTEXT
            log.dirs={logs.Replace('\\', '/')}
            num.partitions=4
            auto.create.topics.enable=true
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=4
            group.initial.rebalance.delay.ms=0
            message.max.bytes=8388608
            replica.fetch.max.bytes=8388608
            log.segment.bytes=67108864
            log.retention.hours=168
            num.network.threads=2
            num.io.threads=2
            """, cancellationToken);

        if (!File.Exists(Path.Combine(logs, "meta.properties")))
        {
            await Tool.RunAsync(
                Command("kafka-storage", "format", "--ignore-formatted", "-t", ClusterId(), "-c", Configuration), account: null, cancellationToken);
        }

        return Command("kafka-server-start", Configuration);
    }

    private ProcessStartInfo Command(string script, params string[] arguments)
    {
        var command = new ProcessStartInfo(kafka.Script(script), arguments) { WorkingDirectory = _folder };
        command.Environment["KAFKA_HEAP_OPTS"] = "-Xms128m -Xmx512m";
        command.Environment["LOG_DIR"] = Path.Combine(_folder, "server-log");
        return command;
    }

    private static string ClusterId() => Convert.ToBase64String(Guid.NewGuid().ToByteArray()).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private async Task RememberAsync(int pid, CancellationToken cancellationToken)
    {
        if (_remembered == pid) return;
        try
        {
            using var process = Process.GetProcessById(pid);
            await File.WriteAllTextAsync(PidFile, $"{pid} {process.StartTime.ToUniversalTime():O}", cancellationToken);
            _remembered = pid;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It ended just now.
        }
    }

    /// <summary>Ends a broker that an earlier process left running on this data.</summary>
    private void StopLeftover()
    {
        if (!File.Exists(PidFile) || File.ReadAllText(PidFile).Split(' ') is not [var id, var time]) return;
        if (!int.TryParse(id, out var pid) || !DateTime.TryParse(time, null, DateTimeStyles.RoundtripKind, out var started)) return;
        try
        {
            using var process = Process.GetProcessById(pid);
            // After a reboot the id may belong to any other program.
            if ((process.StartTime.ToUniversalTime() - started).Duration() < ClockTolerance) process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It is gone.
        }
    }
}
