using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Platform.Benchmarks.Capture;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Snapshots;
using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Changes;
using Platform.Contracts;
using Platform.Integration.Capture;

namespace Platform.Benchmarks.Warehouse;

/// <summary>The time from a commit in Postgres until a reader's query of the warehouse sees the row, through the capture and a real Kafka.</summary>
internal static class WarehouseFreshness
{
    private const string Topic = "ours.public.sales";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };

    private static readonly EntityContract Sales = new()
    {
        Name = "sales", Version = "1.0.0", Key = Id,
        Columns =
        [
            Id, .. new[] { "first_name", "last_name", "company", "address", "city", "country", "email" }.Select(name => new ColumnContract { Name = name, Type = ColumnType.Text }),
            new() { Name = "created", Type = ColumnType.Timestamp }, new() { Name = "total", Type = ColumnType.Integer },
        ],
        Rollups = [new("sales_by_day", "created", "day", ["country"], [new("sum", "total")])],
    };

    /// <summary>Milliseconds of each row.</summary>
    public static async Task<List<double>> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var servers = new CaptureServers();
        await servers.StartAsync();
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers.BootstrapServers }).Build())
            await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = 4, ReplicationFactor = 1 }]);
        await using var capture = new RunningCapture(
            servers.CaptureConnectionString, servers.BootstrapServers,
            new() { Slot = "ours", Publication = "sales", TopicPrefix = "ours", ConfirmAfter = ConfirmAfter.BrokerAcknowledgement, StatePath = servers.Folder("state.json") });
        while (capture.Snapshots.All is not [{ Status: SnapshotStatus.Done }]) await Task.Delay(20, cancellationToken);

        using var store = new WarehouseStore(new([Sales]), Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = servers.Folder("warehouse.duckdb") }));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var applying = ApplyAsync(servers.BootstrapServers, store, stopping.Token);
        var reading = ReadAsync(store, stopping.Token);
        for (var round = 0; round <= CaptureCommand.WarmUpRounds; round++)
        {
            var first = round * 1_000_000;
            await Task.WhenAll(Enumerable.Range(0, CaptureCommand.Writers).Select(writer => CaptureCommand.WriteAsync(servers, first + (writer * 100_000), cancellationToken)));
        }

        await Task.Delay(2000, cancellationToken);
        await stopping.CancelAsync();
        await applying;
        // The first second belongs to the writers' connections.
        return [.. (await reading).Skip((CaptureCommand.WarmUpRounds * CaptureCommand.CommitsPerSecond * CaptureCommand.Seconds) + CaptureCommand.CommitsPerSecond)];
    }

    private static async Task ApplyAsync(string bootstrapServers, WarehouseStore store, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "warehouse", FetchWaitMaxMs = 100, FetchMinBytes = 1, ConsumeResultFields = "topic" })
            .SetLogHandler((_, _) => { }).Build();
        var (options, batch) = (new WarehouseOptions(), new ChangeBatch(new([Sales]), store.ReadPartitions(""), store.ReadTruncated(), new HeldRows()));
        var events = new ChangeEventReader(new([Sales]));
        await using var topics = new TopicReader<ChangeEvent>(
            consumer, Enumerable.Range(0, 4).Select(partition => new TopicPartitionOffset(Topic, partition, 0)).ToList(),
            message => events.Read(message.TopicPartitionOffset, Sales, message.Message.Key, message.Message.Value));
        while (!cancellationToken.IsCancellationRequested)
        {
            await topics.WaitAsync(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
            while (batch.Read < options.LargestBatch && topics.TryRead(out var @event)) batch.Add(@event, DateTime.UnixEpoch);

            if (batch.Read == 0) continue;
            store.Apply(batch, "");
            batch.Clear();
        }
    }

    private static async Task<List<double>> ReadAsync(WarehouseStore store, CancellationToken cancellationToken)
    {
        using var connection = store.OpenReader();
        using var timer = new PeriodicTimer(PollInterval);
        var (ages, last) = (new List<double>(), 0L);
        while (!cancellationToken.IsCancellationRequested)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT _sequence, epoch_us(_committed_at) FROM main.sales WHERE _sequence > {last}";
            using var reader = command.ExecuteReader();
            var now = (TimeProvider.System.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / 10.0;
            while (reader.Read())
            {
                last = Math.Max(last, reader.GetInt64(0));
                ages.Add((now - reader.GetInt64(1)) / 1000);
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return ages;
    }
}
