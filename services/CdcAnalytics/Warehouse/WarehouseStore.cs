using System.Globalization;
using Confluent.Kafka;
using DuckDB.NET.Data;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse;

/// <summary>
/// The warehouse: a DuckDB file with the rows of all tenants, as they are now and as they were. One writer, whose transactions commit rows
/// and offsets together; any number of readers.
/// </summary>
internal sealed class WarehouseStore : IDisposable
{
    private readonly string _connectionString;
    private readonly DuckDBConnection _writer;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, EntityTable> _tables;

    public WarehouseStore(ContractSet contracts, IOptions<WarehouseOptions> options)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Value.Path))!);
        _tables = contracts.Entities.ToDictionary(e => e.Name, e => new EntityTable(e), StringComparer.Ordinal);
        // The log is folded into the file less often than by default, for a commit that has to do it takes ten times as long.
        _connectionString = $"Data Source={options.Value.Path};memory_limit={options.Value.MemoryLimit};threads=2;wal_autocheckpoint=64MB";
        _writer = new DuckDBConnection(_connectionString);
        _writer.Open();
        Execute(SqlFile.Read("Warehouse/schema.sql"));
        foreach (var table in _tables.Values) Execute(table.Create);
    }

    /// <summary>The table of an entity.</summary>
    public EntityTable Table(EntityContract entity) => _tables[entity.Name];

    /// <summary>A connection for reading, which sees what is committed; connections of one process share the open file.</summary>
    public DuckDBConnection OpenReader()
    {
        var reader = new DuckDBConnection(_connectionString);
        reader.Open();
        return reader;
    }

    /// <summary>How far each partition has been applied, if the offsets are this broker's; their places in the log hold with any broker.</summary>
    public Dictionary<TopicPartition, PartitionState> ReadPartitions(string broker)
    {
        var isSameBroker = ReadBroker() == broker;
        Dictionary<TopicPartition, PartitionState> partitions = [];
        using var command = Command("SELECT topic, partition, next_offset, commit_lsn, ordinal FROM _partitions");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var applied = new LogPosition(reader.GetFieldValue<ulong>(3), reader.GetInt64(4));
            partitions[new(reader.GetString(0), reader.GetInt32(1))] = new(isSameBroker ? reader.GetInt64(2) : 0, applied);
        }

        return partitions;
    }

    /// <summary>Where each truncated entity was last emptied.</summary>
    public Dictionary<string, LogPosition> ReadTruncated()
    {
        Dictionary<string, LogPosition> truncated = new(StringComparer.Ordinal);
        using var command = Command("SELECT entity, commit_lsn, ordinal FROM _truncated");
        using var reader = command.ExecuteReader();
        while (reader.Read()) truncated[reader.GetString(0)] = new(reader.GetFieldValue<ulong>(1), reader.GetInt64(2));
        return truncated;
    }

    /// <summary>
    /// Waits for the turn to write, which lasts until it is disposed. A batch is filled and applied within one, so that what it was filled
    /// by still holds when it is applied.
    /// </summary>
    public async Task<IDisposable> TurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    /// <summary>The rows of which an event is parked.</summary>
    public IEnumerable<string?> ReadHeldRows()
    {
        using var reader = OpenReader();
        return DeadLetterTable.Read(reader, entity: null, after: 0, int.MaxValue).Select(letter => letter.Row);
    }

    /// <summary>Commits a batch: rows, versions, truncations, dead letters, offsets and position, or nothing.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="broker">Whose offsets these are; null when it has none.</param>
    public void Apply(ChangeBatch batch, string? broker)
    {
        using var transaction = _writer.BeginTransaction();
        foreach (var changes in batch.Entities)
        {
            foreach (var group in changes.Groups) ApplyUpserts(_tables[changes.Entity.Name], group);
        }

        DeadLetterTable.Append(_writer, batch.Parked);
        DeadLetterTable.Delete(_writer, batch.Released);
        CommitOffsets(batch, broker);
        transaction.Commit();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _writer.Dispose();
        _turn.Dispose();
    }

    private void ApplyUpserts(EntityTable table, StagedRows rows)
    {
        var merge = table.Merge;
        if (rows.Count > 0)
        {
            Execute(merge.CreateStage);
            StageWriter.Append(_writer, table, rows);
            Execute(merge.FindOpen);
            Execute(merge.GuardOpen);
            Execute(merge.GuardHistory(rows.FirstLsn));
            if (rows.HasSnapshotRows) Execute(merge.DropUnchanged);
            Execute(merge.CloseOpen);
            if (rows.HasDeletes) Execute(merge.RememberDeletes);
            Execute(merge.AddVersions);
        }

        if (rows.Truncation is not { } truncation) return;
        var (lsn, ordinal) = (("lsn", (object)truncation.Position.CommitLsn), ("ordinal", (object)truncation.Position.Ordinal));
        Execute(merge.CloseAll, lsn, ordinal, ("at", StageWriter.Time(truncation.CommittedMicros)));
        Execute(merge.RemoveAll, lsn, ordinal);
        Execute("DELETE FROM _truncated WHERE entity = $entity", ("entity", table.Entity.Name));
        Execute("INSERT INTO _truncated VALUES ($entity, $lsn, $ordinal)", ("entity", table.Entity.Name), lsn, ordinal);
    }

    private void CommitOffsets(ChangeBatch batch, string? broker)
    {
        foreach (var (partition, state) in batch.Partitions)
        {
            Execute("DELETE FROM _partitions WHERE topic = $topic AND partition = $partition", ("topic", partition.Topic), ("partition", partition.Partition.Value));
            Execute(
                "INSERT INTO _partitions VALUES ($topic, $partition, $offset, $lsn, $ordinal)",
                ("topic", partition.Topic), ("partition", partition.Partition.Value), ("offset", state.NextOffset),
                ("lsn", state.Applied.CommitLsn), ("ordinal", state.Applied.Ordinal));
        }

        if (broker is null || ReadBroker() == broker) return;
        Execute("DELETE FROM _broker");
        Execute("INSERT INTO _broker VALUES ($identity)", ("identity", broker));
    }

    private string? ReadBroker()
    {
        using var command = Command("SELECT identity FROM _broker");
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private void Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    private DuckDBCommand Command(string sql, params (string Name, object Value)[] parameters)
    {
        var command = _writer.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value));
        return command;
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
