using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Sources;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.Harness;
using Platform.Integration.Servers;
using Platform.Tenancy;
using Options = Microsoft.Extensions.Options.Options;

namespace Platform.Integration.Capture;

/// <summary>Capture and warehouse as the service runs them, over as many databases as the directory names; a process that is started and killed.</summary>
internal sealed class SeveralSources : IAsyncDisposable
{
    private readonly ContractSet _contracts;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly BrokerSession _broker;
    private readonly ChangeProducer _producer;
    private readonly WarehouseStore _store;
    private readonly ChangeConsumer _warehouse;
    private readonly WarehouseTelemetry _telemetry = new(new UncollectedMeters());
    private readonly CaptureService _service;

    /// <param name="entity">The entity that the databases have a table of.</param>
    /// <param name="folder">Holds what a process leaves behind.</param>
    /// <param name="bootstrapServers">The broker.</param>
    /// <param name="settings">How databases are captured.</param>
    /// <param name="directory">Where tenants are.</param>
    /// <param name="connectionStrings">By cluster; <c>platform</c> is the default one.</param>
    public SeveralSources(
        EntityContract entity, TemporaryFolder folder, string bootstrapServers, CaptureOptions settings, TenantDirectory directory, IReadOnlyDictionary<string, string> connectionStrings)
    {
        _contracts = new ContractSet([entity]);
        Entity = entity;
        var options = Options.Create(settings);
        var warehouse = Options.Create(new WarehouseOptions { Path = folder["warehouse.duckdb"] });
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(connectionStrings.Select(c => new KeyValuePair<string, string?>($"ConnectionStrings:{c.Key}", c.Value))).Build();
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers, GroupId = "warehouse", AllowAutoCreateTopics = true, AutoOffsetReset = AutoOffsetReset.Error, EnablePartitionEof = true,
            FetchWaitMaxMs = 20,
        }).SetLogHandler((_, _) => { }).Build();
        _broker = new BrokerSession(_consumer, bootstrapServers, _contracts, options, Options.Create(new ProducerOptions()));
        _producer = new ChangeProducer(bootstrapServers, new ProducerOptions(), Progress, NullLogger.Instance);
        _store = new WarehouseStore(_contracts, warehouse);
        _warehouse = new ChangeConsumer(
            _consumer, _store, _broker, Progress, _contracts, new HeldRows(), new DeadLetterTopic(_producer), _telemetry, warehouse, TimeProvider.System, NullLogger<ChangeConsumer>.Instance);
        Sources = new CaptureSources(_broker, Progress, _producer, _contracts, directory, configuration, options, TimeProvider.System, NullLoggerFactory.Instance);
        _service = new CaptureService(Sources, TimeProvider.System);
    }

    public BrokerProgress Progress { get; } = new(TimeProvider.System);

    public CaptureSources Sources { get; }

    private EntityContract Entity { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _warehouse.StartAsync(cancellationToken);
        await _service.StartAsync(cancellationToken);
    }

    /// <summary>The warehouse's rows: tenant, id, name.</summary>
    public string Rows()
    {
        using var connection = _store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT tenant_id || ' ' || id || ' ' || name FROM main.\"{Entity.Name}\" ORDER BY ALL";
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read()) rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return string.Join(", ", rows);
    }

    /// <summary>Waits until the warehouse has these rows and no others.</summary>
    public Task HasAsync(string rows, CancellationToken cancellationToken) => WaitAsync(() => Rows() == rows, cancellationToken);

    public Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken) => Eventually.HoldsAsync(
        () => Task.FromResult((condition(), $"{Rows()}; {string.Join(", ", Sources.All.Select(source => $"{source.Address} is {source.State.Activity} {source.State.Trouble}"))}; {Progress.Failure} {_warehouse.ExecuteTask?.Exception}")),
        Deadline.Usual, cancellationToken);

    /// <summary>The health check's answer.</summary>
    public Task<HealthCheckResult> HealthAsync() => new CaptureHealth(Sources).CheckHealthAsync(
        new() { Registration = new("capture", new CaptureHealth(Sources), HealthStatus.Unhealthy, tags: null) });

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        await _warehouse.StopAsync(CancellationToken.None);
        await Sources.DisposeAsync();
        _service.Dispose();
        _warehouse.Dispose();
        _telemetry.Dispose();
        _store.Dispose();
        _producer.Dispose();
        _broker.Dispose();
        _consumer.Dispose();
    }
}
