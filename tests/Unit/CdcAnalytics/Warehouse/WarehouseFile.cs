using System.Globalization;
using System.Text;
using Confluent.Kafka;
using DuckDB.NET.Data;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Events;
using Platform.Contracts;

namespace Platform.Unit.CdcAnalytics.Warehouse;

/// <summary>A warehouse of its own, what it is sent, and what it answers. Its folder goes with it.</summary>
internal sealed class WarehouseFile : IDisposable
{
    public static readonly ColumnContract Id = new() { Name = "id", Type = ColumnType.Integer, Required = true };
    public static readonly ColumnContract Name = new() { Name = "name", Type = ColumnType.Text };
    public static readonly EntityContract Things = new() { Name = "things", Version = "1.0.0", Columns = [Id, Name], Key = Id };

    private readonly string _folder = Directory.CreateTempSubdirectory("platform-warehouse-").FullName;
    private readonly Dictionary<TopicPartition, long> _next = [];

    public WarehouseFile(EntityContract? entity = null)
    {
        Entity = entity ?? Things;
        Contracts = new ContractSet([Entity]);
        Store = Open();
        Batch = NewBatch();
    }

    public EntityContract Entity { get; }

    public ContractSet Contracts { get; }

    public HeldRows Held { get; } = new();

    public WarehouseStore Store { get; private set; }

    public ChangeBatch Batch { get; private set; }

    public WarehouseOptions Options => new() { Path = Path.Combine(_folder, "warehouse.duckdb") };

    /// <summary>Applies events, all of partition 0, as one batch.</summary>
    public void Apply(params string[] events) => Apply(0, events);

    public void Apply(int partition, params string[] events)
    {
        foreach (var value in events) Add(partition, value);
        Commit();
    }

    /// <summary>Adds an event to the batch that is not committed yet.</summary>
    public void Add(int partition, string? value, byte[]? key = null)
    {
        var place = new TopicPartition("cdc.app.things", partition);
        var offset = _next.GetValueOrDefault(place);
        _next[place] = offset + 1;
        Batch.Add(new ChangeEventReader(Contracts).Read(new(place, offset), Entity, key, value is null ? null : Encoding.UTF8.GetBytes(value)), DateTime.UnixEpoch);
    }

    public void Commit()
    {
        Store.Apply(Batch, "broker");
        Batch.Clear();
    }

    /// <summary>Closes the file and opens it again, as a restart does.</summary>
    public void Restart()
    {
        Store.Dispose();
        Store = Open();
        Batch = NewBatch();
    }

    /// <summary>Forgets how far the partitions are, so that nothing but the rows themselves tells a repetition.</summary>
    public void ForgetPartitions() => Batch = new ChangeBatch(Contracts, new Dictionary<TopicPartition, PartitionState>(), Store.ReadTruncated(), Held);

    /// <summary>Rows of an answer, values divided by blanks.</summary>
    public IReadOnlyList<string> Read(string sql)
    {
        using var connection = Store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "-" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }

    public IReadOnlyList<string> Rows() => Read($"SELECT tenant_id, id, name FROM {Entity.Name} ORDER BY ALL");

    /// <summary>Every version: tenant, id, name, operation, from, to.</summary>
    public IReadOnlyList<string> Versions() =>
        Read($"SELECT tenant_id, id, name, _operation, _commit_lsn, _ordinal, _to_lsn, _to_ordinal, _to_operation FROM versions.{Entity.Name} ORDER BY tenant_id, id, _commit_lsn, _ordinal");

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private WarehouseStore Open() => new(Contracts, Microsoft.Extensions.Options.Options.Create(Options));

    private ChangeBatch NewBatch() => new(Contracts, Store.ReadPartitions("broker"), Store.ReadTruncated(), Held);
}
