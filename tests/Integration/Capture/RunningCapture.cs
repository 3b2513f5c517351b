using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Slots;
using Platform.CdcAnalytics.Snapshots;
using Platform.CdcAnalytics.Sources;
using Platform.Contracts;
using Options = Microsoft.Extensions.Options.Options;

namespace Platform.Integration.Capture;

/// <summary>Capture of one source as the service runs it, without the service around it.</summary>
internal sealed class RunningCapture : IAsyncDisposable
{
    private readonly ChangeProducer _producer;
    private readonly BrokerSession _broker;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly CaptureSource _source;

    /// <param name="connectionString">The database, with the role that may replicate.</param>
    /// <param name="bootstrapServers">The broker.</param>
    /// <param name="settings">How it is captured.</param>
    public RunningCapture(string connectionString, string bootstrapServers, CaptureOptions settings)
    {
        var contracts = new ContractSet([]);
        var progress = new BrokerProgress(TimeProvider.System);
        var address = new SourceAddress(settings.Cluster, new NpgsqlConnectionStringBuilder(connectionString).Database!);
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "test", AllowAutoCreateTopics = true }).SetLogHandler((_, _) => { }).Build();
        _broker = new BrokerSession(_consumer, bootstrapServers, contracts, Options.Create(settings), Options.Create(new ProducerOptions()));
        _producer = new ChangeProducer(bootstrapServers, new ProducerOptions(), progress, NullLogger.Instance);
        _source = new CaptureSource(
            address, settings, () => connectionString, _broker, progress.Add(address.Cluster, address.Database), _producer, contracts, TimeProvider.System, NullLoggerFactory.Instance);
        _source.Start();
    }

    public LogProgress Progress => _source.Progress;

    public CaptureState State => _source.State;

    public SnapshotControl Snapshots => _source.Snapshots;

    public SourceKeeper Keeper => _source.Keeper;

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _producer.Dispose();
        _broker.Dispose();
        _consumer.Dispose();
    }
}
