using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using Confluent.Kafka;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Contracts;
using Platform.Harness;

namespace Platform.Benchmarks.Warehouse;

/// <summary>How fast the warehouse applies changes: from the bytes of events of the real contract of orders to rows and their history.</summary>
internal sealed class WarehouseCommand : Command
{
    private const int Events = 500_000, BatchSize = 10_000, Upserts = 50_000, Rows = 1_000_000;

    private static readonly ContractSet WithRollups = ContractLoader.Load(Path.Combine(RepositoryFolder.Root, "contracts"));
    private static readonly ContractSet Plain = new([.. WithRollups.Entities.Select(entity => entity with { Rollups = [] })]);

    private ContractSet _contracts = Plain;

    public WarehouseCommand() : base("warehouse", "Changes per second into current rows, history and rollups, one large batch, and the time from commit to query.") =>
        SetAction((_, cancellationToken) => RunAsync(cancellationToken));

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var table = new ResultTable("what", "value");
        var events = new OrderEvents(seed: 1);
        var prepared = events.Mixed(Events);
        var folder = Directory.CreateTempSubdirectory("platform-benchmark-");
        try
        {
            Measure(folder.FullName, "warm-up", prepared[..50_000]);
            var allocated = GC.GetTotalAllocatedBytes();
            var elapsed = Measure(folder.FullName, "mixed", prepared);
            table.Add("changes parsed and applied to current and history", $"{Events / elapsed.TotalSeconds:N0}/s");
            table.Add("bytes allocated by a change", $"{(GC.GetTotalAllocatedBytes() - allocated) / Events:N0}");
            _contracts = WithRollups;
            elapsed = Measure(folder.FullName, "rollups", prepared);
            table.Add("the same with the rollup of orders by day and country", $"{Events / elapsed.TotalSeconds:N0}/s");
            _contracts = Plain;

            using var store = Open(folder.FullName, "upserts");
            var batch = new ChangeBatch(_contracts, store.ReadPartitions(""), store.ReadTruncated(), new HeldRows());
            var next = 0L;
            foreach (var chunk in events.Creates(Rows).Chunk(100_000))
            {
                Fill(batch, chunk, ref next);
                store.Apply(batch, "");
                batch.Clear();
            }

            List<double> times = [];
            List<(double Statements, double Committed)> plain = [];
            var parts = new BatchParts();
            for (var run = 0; run < 7; run++)
            {
                Fill(batch, events.Updates(Upserts, Rows), ref next);
                var began = Stopwatch.GetTimestamp();
                store.Apply(batch, "");
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                batch.Clear();
            }

            for (var run = 0; run < 7; run++)
            {
                Fill(batch, events.Updates(Upserts, Rows), ref next);
                parts.Measure(store, batch);
                batch.Clear();
                Fill(batch, events.Updates(Upserts, Rows), ref next);
                plain.Add(BatchParts.CurrentOnly(store, batch));
                batch.Clear();
            }

            table.Add($"a batch of {Upserts:N0} updates of {Rows:N0} rows, current, history and lake: median of 7", $"{times.Order().ElementAt(3):N0} ms");
            foreach (var (part, milliseconds) in parts.Medians()) table.Add($"of that, {part}", $"{milliseconds:N0} ms");
            var (statements, committed) = (plain.Select(run => run.Statements).Order().ElementAt(3), plain.Select(run => run.Committed).Order().ElementAt(3));
            table.Add("the same batch into the current rows only, DELETE and INSERT; committed", $"{statements:N0} ms; {committed:N0} ms");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Console.WriteLine(table.ToString());
        table = new ResultTable("what", "value");
        var ages = new Percentiles(await WarehouseFreshness.MeasureAsync(cancellationToken));
        table.Add($"commit to a query that sees the row, at {Capture.CaptureCommand.CommitsPerSecond:N0} commits/s, p50 and p99", $"{ages[0.5]}, {ages[0.99]}");
        Console.WriteLine(table.ToString());
    }

    private TimeSpan Measure(string folder, string name, byte[][] events)
    {
        using var store = Open(folder, name);
        var batch = new ChangeBatch(_contracts, store.ReadPartitions(""), store.ReadTruncated(), new HeldRows());
        // Read ahead on a thread of its own, as the service does.
        using var ahead = new BlockingCollection<List<ChangeEvent>>(boundedCapacity: 1);
        var began = Stopwatch.GetTimestamp();
        var reading = Task.Factory.StartNew(() => ReadAhead(events, ahead), TaskCreationOptions.LongRunning);
        foreach (var read in ahead.GetConsumingEnumerable())
        {
            foreach (var @event in read) batch.Add(@event, DateTime.UnixEpoch);
            store.Apply(batch, "");
            batch.Clear();
        }

        reading.GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(began);
    }

    private void ReadAhead(byte[][] events, BlockingCollection<List<ChangeEvent>> ahead)
    {
        var next = 0L;
        foreach (var chunk in events.Chunk(BatchSize)) ahead.Add(Read(chunk, ref next));
        ahead.CompleteAdding();
    }

    private void Fill(ChangeBatch batch, byte[][] events, ref long next)
    {
        foreach (var @event in Read(events, ref next)) batch.Add(@event, DateTime.UnixEpoch);
    }

    private List<ChangeEvent> Read(byte[][] events, ref long next)
    {
        var (partition, orders, reader) = (new TopicPartition("cdc.app.orders", 0), _contracts.Find("orders")!, new ChangeEventReader(_contracts));
        List<ChangeEvent> read = [];
        foreach (var value in events) read.Add(reader.Read(new(partition, next++), orders, key: null, value));
        return read;
    }

    private WarehouseStore Open(string folder, string name) =>
        new(_contracts, Microsoft.Extensions.Options.Options.Create(new WarehouseOptions { Path = Path.Combine(folder, $"{name}.duckdb"), MemoryLimit = "1GB" }));
}
