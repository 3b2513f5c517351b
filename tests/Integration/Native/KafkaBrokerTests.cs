using System.Diagnostics;
using Confluent.Kafka;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Kafka;
using Platform.Native.Processes;
using Xunit;

namespace Platform.Integration.Native;

/// <summary>
/// Brokers of the Kafka protocol: the one in memory, and the real one that <c>KAFKA_HOME</c> names or that lies in <c>shared/kafka</c> beside
/// the repository. Where there is neither, or no java, the broker in memory takes the real one's place here as it does for a user, and is
/// asked for no more than it promises.
/// </summary>
public sealed class KafkaBrokerTests : IAsyncLifetime
{
    private const string InMemory = "in memory", Real = "real";
    private const string Topic = "cdc.app.things";
    private const int Messages = 200;

    private readonly TemporaryFolder _folder = new();
    private readonly ServerLog _log = new();
    private readonly int _port = LoopbackPort.Free();
    private INativeServer _broker = null!;

    static KafkaBrokerTests()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KAFKA_HOME")))
            Environment.SetEnvironmentVariable("KAFKA_HOME", RepositoryFolder.Beside(Path.Combine("shared", "kafka")));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Address => $"127.0.0.1:{_port}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await _broker.DisposeAsync();
        _folder.Dispose();
        await _log.DisposeAsync();
    }

    [Theory]
    [InlineData(InMemory)]
    [InlineData(Real)]
    public async Task What_is_written_is_read_in_order_by_key_also_after_the_broker_has_crashed_if_it_has_a_disk(string kind)
    {
        await StartAsync(kind);
        Listeners.RequireLoopbackOnly(_port);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = Address, Acks = Acks.All, ReconnectBackoffMaxMs = 500 })
            .SetLogHandler((_, _) => { }).Build();
        await ProduceAsync(producer, "before");
        Assert.Equal(Expected("before"), Consume());

        await CrashAsync();

        // The same client, at the same address.
        await ProduceAsync(producer, "after");
        Assert.Equal(_broker is KafkaBroker ? Expected("before", "after") : Expected("after"), Consume());
    }

    [Fact]
    public async Task A_KAFKA_HOME_without_a_Kafka_is_told_in_a_sentence()
    {
        var (exitCode, reason) = await NativeProgram.RunAsync(
            ["kafka", "--port", $"{_port}", "--health-port", $"{LoopbackPort.Free()}", "--data", _folder["kafka"]], Cancellation, ("KAFKA_HOME", _folder.FullPath));
        Assert.Equal(78, exitCode);
        Assert.Equal(
            $"KAFKA_HOME is {_folder.FullPath}, which has no bin/kafka-server-start.sh. Name the folder of a Kafka 4 install, or unset it.", reason.Trim());
    }

    private async Task StartAsync(string kind)
    {
        _broker = kind == Real && KafkaInstallation.Find() is { } kafka
            ? new KafkaBroker(kafka, _folder["kafka"], _port, _log)
            : new MockKafkaBroker(_port, _log);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Deadline.Usual);
        try
        {
            await _broker.StartAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"The broker does not answer after {Deadline.Usual}. It wrote:\n{_log}");
        }
    }

    // With a disk as kill -9 does; what is in memory only is gone as it is with its process.
    private async Task CrashAsync()
    {
        if (_broker is KafkaBroker real)
        {
            var killed = real.ProcessId!.Value;
            using (var process = Process.GetProcessById(killed)) process.Kill();
            await Eventually.HoldsAsync(
                async () =>
                {
                    var problem = await real.FindProblemAsync(Cancellation);
                    return (problem is null && real.ProcessId is { } now && now != killed, problem ?? $"process {real.ProcessId}");
                },
                Deadline.Usual,
                Cancellation);
            return;
        }

        await _broker.DisposeAsync();
        await StartAsync(InMemory);
    }

    private static async Task ProduceAsync(IProducer<string, string> producer, string when)
    {
        foreach (var chunk in Enumerable.Range(0, Messages).Chunk(50))
            await Task.WhenAll(chunk.Select(n => producer.ProduceAsync(Topic, new Message<string, string> { Key = $"row {n % 7}", Value = $"{when} {n}" }, Cancellation)));
    }

    // Reads every partition to its end, and gives the values key by key, in the order in which they were read.
    private List<string> Consume()
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = Address, GroupId = "test", EnableAutoCommit = false, EnablePartitionEof = true })
            .SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(Topic, Deadline.Usual).Topics.Single().Partitions;
        Assert.Equal(4, partitions.Count);
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(Topic, partition.PartitionId, Offset.Beginning)));

        List<(string Key, string Value)> read = [];
        for (var ended = 0; ended < partitions.Count;)
        {
            var next = consumer.Consume(Deadline.Usual);
            Assert.NotNull(next);
            if (next.IsPartitionEOF) ended++;
            else read.Add((next.Message.Key, next.Message.Value));
        }

        return [.. read.OrderBy(message => message.Key, StringComparer.Ordinal).Select(message => message.Value)];
    }

    private static List<string> Expected(params string[] times) =>
        [.. times.SelectMany(when => Enumerable.Range(0, Messages).Select(n => (Key: n % 7, Value: $"{when} {n}"))).OrderBy(message => message.Key).Select(message => message.Value)];
}
