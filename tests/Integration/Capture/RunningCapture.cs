using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Slots;
using Platform.CdcAnalytics.Snapshots;
using Platform.Contracts;
using Options = Microsoft.Extensions.Options.Options;

namespace Platform.Integration.Capture;

/// <summary>Capture as the service runs it, without the service around it.</summary>
internal sealed class RunningCapture : IAsyncDisposable
{
    private readonly ChangeProducer _producer;
    private readonly BrokerSession _broker;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly CaptureService _service;

    /// <param name="connectionString">The database, with the role that may replicate.</param>
    /// <param name="bootstrapServers">The broker.</param>
    /// <param name="settings">How it is captured.</param>
    public RunningCapture(string connectionString, string bootstrapServers, CaptureOptions settings)
    {
        var (options, contracts, clock) = (Options.Create(settings), new ContractSet([]), TimeProvider.System);
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "test", AllowAutoCreateTopics = true }).SetLogHandler((_, _) => { }).Build();
        _broker = new BrokerSession(_consumer, contracts, options, Options.Create(new ProducerOptions()));
        _producer = new ChangeProducer(bootstrapServers, new ProducerOptions(), Progress);
        Keeper = new SourceKeeper(new SourceStateFile(options), Snapshots, new SnapshotAnnouncer(_producer), Progress, clock, NullLogger<SourceKeeper>.Instance);
        var reader = new LogReader(_producer, Progress, Snapshots, Keeper, clock, options, NullLogger<LogReader>.Instance);
        var starter = new SlotStarter(Keeper, _producer, Progress, options, clock, NullLogger<SlotStarter>.Instance);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:platform", connectionString)]).Build();
        _service = new CaptureService(
            reader, starter, Keeper, _broker, Progress, _producer, contracts, State, configuration, options, clock, NullLogger<CaptureService>.Instance);
        _ = _service.StartAsync(CancellationToken.None);
    }

    public LogProgress Progress { get; } = new(TimeProvider.System);

    public CaptureState State { get; } = new();

    public SnapshotControl Snapshots { get; } = new();

    public SourceKeeper Keeper { get; }

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        _producer.Dispose();
        _broker.Dispose();
        _consumer.Dispose();
        State.Dispose();
    }
}
