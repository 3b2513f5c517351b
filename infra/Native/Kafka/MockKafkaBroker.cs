using Confluent.Kafka;
using Platform.Native.Processes;

namespace Platform.Native.Kafka;

/// <summary>
/// librdkafka's own cluster for tests: the real protocol, in memory. Topics appear on first use with 4 partitions; there are no admin
/// calls, and everything is gone when the process ends. It chooses its port itself, so a relay listens at the given one: that address
/// stays good over a restart, and metadata leads clients on to the broker itself.
/// </summary>
/// <param name="port">Port of the loopback address for clients.</param>
/// <param name="log">Gets a line when it starts.</param>
public sealed class MockKafkaBroker(int port, TextWriter log) : INativeServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly KafkaProbe _probe = new(port);
    private IProducer<Null, Null>? _cluster;
    private TcpRelay? _relay;

    public int Port => port;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var configuration = new ProducerConfig { TopicMetadataRefreshIntervalMs = -1 };
        configuration.Set("test.mock.num.brokers", "1");
        _cluster = new ProducerBuilder<Null, Null>(configuration).SetLogHandler((_, _) => { }).Build();
        using (var admin = new DependentAdminClientBuilder(_cluster.Handle).Build())
        {
            // To ask for a topic is to make it. By its name clients see that this is another memory than before a restart.
            var mark = $"in-memory-broker.{Guid.NewGuid():N}";
            var broker = (await Task.Run(() => admin.GetMetadata(mark, Patience), cancellationToken)).Brokers[0];
            _relay = TcpRelay.Start(port, broker.Port);
            await log.WriteLineAsync($"native: kafka: in memory, broker at 127.0.0.1:{broker.Port}, bootstrap at 127.0.0.1:{port}".AsMemory(), cancellationToken);
        }

        await Readiness.WaitAsync(this, process: null, TimeProvider.System, cancellationToken);
    }

    public async ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken) =>
        _relay is null ? "starting" : await _probe.FindProblemAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _probe.Dispose();
        if (_relay is not null) await _relay.DisposeAsync();
        _cluster?.Dispose();
    }
}
