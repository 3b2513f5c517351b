using System.Globalization;
using System.Text;
using Confluent.Kafka;
using DuckDB.NET.Data;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Warehouse.Batches;
using Platform.CdcAnalytics.Warehouse.Rollups;
using Platform.CdcAnalytics.Warehouse.Star;
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
    // What a partition is stored with of which no source is known.
    private static readonly Dictionary<string, LogPosition> NoSource = new() { [""] = LogPosition.Start };

    private readonly string _connectionString;
    private readonly DuckDBConnection _writer;
    // Numbers what is applied together, so that it can be applied again in the same order.
    private long _sequence;
    private readonly HashSet<string> _sources;
    private readonly RollupKeeper _rollups;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, EntityTable> _tables;
    private readonly Dictionary<string, ulong> _lastEnds = new(StringComparer.Ordinal);

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
        foreach (var schema in ReadStarSchemas()) Execute($"DROP SCHEMA {EntityTable.Quote(schema)} CASCADE");
        foreach (var statement in new StarSchema(contracts).Statements()) Execute(statement);
        _rollups = new(_writer, contracts);
        _rollups.Prepare();
        _sequence = ReadSequence();
        _sources = ReadSources();
    }

    /// <summary>The table of an entity.</summary>
    public EntityTable Table(EntityContract entity) => _tables[entity.Name];

    /// <summary>The rollups of an entity.</summary>
    public IEnumerable<RollupTable> Rollups(EntityContract entity) => _rollups.Tables.Where(rollup => rollup.Entity == entity);

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
        using var command = Command("SELECT topic, partition, next_offset, source, commit_lsn, ordinal FROM _partitions");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var partition = new TopicPartition(reader.GetString(0), reader.GetInt32(1));
            if (!partitions.TryGetValue(partition, out var state)) state = partitions[partition] = new(isSameBroker ? reader.GetInt64(2) : 0);
            if (reader.GetString(3) is { Length: > 0 } source) state.Applied[source] = new(reader.GetFieldValue<ulong>(4), reader.GetInt64(5));
        }

        return partitions;
    }

    /// <summary>Where each truncated entity was last emptied, by source.</summary>
    public Dictionary<(string Entity, string Source), LogPosition> ReadTruncated()
    {
        Dictionary<(string Entity, string Source), LogPosition> truncated = [];
        using var command = Command("SELECT entity, commit_lsn, ordinal, source FROM _truncated");
        using var reader = command.ExecuteReader();
        while (reader.Read()) truncated[(reader.GetString(0), reader.GetString(3))] = new(reader.GetFieldValue<ulong>(1), reader.GetInt64(2));
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
        _rollups.Begin();
        NoteSources(batch.Sources);
        foreach (var changes in batch.Entities)
        {
            foreach (var group in changes.Groups) ApplyUpserts(_tables[changes.Entity.Name], group);
        }

        _rollups.Refresh();
        StoreSequence();
        DeadLetterTable.Append(_writer, batch.Parked);
        DeadLetterTable.Delete(_writer, batch.Released);
        CommitOffsets(batch, broker);
        transaction.Commit();
    }

    /// <summary>
    /// A snapshot has brought every row of an entity: the rows that it did not bring, and that have not changed since, were deleted in changes that nobody saw.
    /// </summary>
    /// <param name="table">The entity's tables.</param>
    /// <param name="source">The snapshot's source; rows of others are not concerned.</param>
    /// <param name="lsn">The snapshot's position.</param>
    /// <param name="at">The present time, in UTC.</param>
    /// <param name="told">Where it was told; the next offset to read there is stored with it.</param>
    /// <param name="broker">Whose offset that is.</param>
    /// <returns>How many rows were removed.</returns>
    public long Reconcile(EntityTable table, string source, ulong lsn, DateTime at, TopicPartitionOffset told, string broker)
    {
        using var transaction = _writer.BeginTransaction();
        _rollups.Begin();
        _sequence++;
        Execute(table.Merge.CreateStage);
        Execute(table.Merge.StageUnseen, ("source", source), ("lsn", lsn), ("at", at), ("sequence", _sequence));
        using var count = Command($"SELECT count(*) FROM {table.Merge.Stage}");
        var removed = Convert.ToInt64(count.ExecuteScalar(), CultureInfo.InvariantCulture);
        MergeStage(table, new(lsn) { HasDeletes = true });
        _rollups.Refresh();
        Execute($"DELETE FROM {table.Seen} WHERE _source = $source", ("source", source));
        StoreSequence();
        CommitBroker(broker);
        CommitOffsets([new(told.TopicPartition, new(told.Offset.Value + 1))]);
        transaction.Commit();
        return removed;
    }

    /// <summary>True until <see cref="Founded"/>: the file was made now.</summary>
    public bool IsNew => IsTrue("SELECT count(*) = 0 FROM _founded");

    /// <summary>The warehouse takes up its work.</summary>
    public void Founded() => InTransaction(_ =>
    {
        StoreSequence();
        Execute("INSERT INTO _founded VALUES ($sequence)", ("sequence", _sequence));
    });

    /// <summary>Number of the changes that were applied together last.</summary>
    public long Sequence => _sequence;

    /// <summary>Removes every row, so that the warehouse can be filled from the lake. It is new then; how far the partitions have been applied stays.</summary>
    public void Empty()
    {
        Execute("DELETE FROM _founded");
        _sources.Clear();
        _lastEnds.Clear();
        foreach (var table in _tables.Values)
        {
            foreach (var name in new[] { table.Name, table.History, table.Waiting, table.Seen }) Execute($"DELETE FROM {name}");
        }

        foreach (var name in new[] { "_truncated", "_lake_files", "_lake_exported", "_sequence", "_sources" }) Execute($"DELETE FROM {name}");
    }

    /// <summary>Does something on the writer's connection, completely or not at all. Whoever calls has the turn.</summary>
    public void InTransaction(Action<DuckDBConnection> work)
    {
        using var transaction = _writer.BeginTransaction();
        work(_writer);
        transaction.Commit();
    }

    /// <summary>Computes all rollups anew, after <see cref="Replay"/>.</summary>
    public void RecomputeRollups() => InTransaction(_ => _rollups.Recompute());

    /// <summary>Applies changes of the lake as they were applied first; the rollups are left as they are.</summary>
    /// <param name="table">Their entity's tables.</param>
    /// <param name="source">What reads the lake's files in SQL.</param>
    /// <param name="first">The first number of the changes; all changes that were applied together have one.</param>
    /// <param name="last">The last one.</param>
    public void Replay(EntityTable table, string source, long first, long last)
    {
        NoteSources(ReadTexts($"SELECT DISTINCT _source FROM {source} WHERE _sequence BETWEEN {first} AND {last}"));
        Execute(table.Merge.CreateStage);
        Execute(table.Merge.Restage.Replace("$source", source, StringComparison.Ordinal)
            .Replace("$first", first.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("$last", last.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        using (var command = Command($"SELECT min(_commit_lsn) FROM {table.Merge.Stage}"))
        {
            if (command.ExecuteScalar() is ulong firstLsn) MergeStage(table, new(firstLsn) { HasSnapshotRows = true, HasDeletes = true, HasChains = true }, isReplay: true);
        }

        using var truncations = Command($"SELECT _commit_lsn, _ordinal, _committed_at, _source, _sequence FROM {source} WHERE _operation = 't' AND _sequence BETWEEN {first} AND {last} ORDER BY ALL");
        List<(LogPosition Position, DateTime At, string Source, long Sequence)> positions = [];
        using (var reader = truncations.ExecuteReader())
        {
            while (reader.Read()) positions.Add((new(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)), reader.GetDateTime(2), reader.GetString(3), reader.GetInt64(4)));
        }

        foreach (var (position, at, from, sequence) in positions) Truncate(table, from, position, at, sequence, isReplay: true);
        _sequence = Math.Max(_sequence, last);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _writer.Dispose();
        _turn.Dispose();
    }

    private void ApplyUpserts(EntityTable table, StagedRows rows)
    {
        _sequence++;
        if (rows.Count > 0)
        {
            Execute(table.Merge.CreateStage);
                StageWriter.Append(_writer, table, rows, _sequence);
            MergeStage(table, rows.Content);
        }

        if (rows.Truncation is not { } truncation) return;
        Truncate(table, truncation.Source, truncation.Position, StageWriter.Time(truncation.CommittedMicros), _sequence);
        Execute(
            table.Merge.AppendTruncationToLake,
            ("source", truncation.Source), ("lsn", truncation.Position.CommitLsn), ("ordinal", truncation.Position.Ordinal), ("at", StageWriter.Time(truncation.CommittedMicros)), ("sequence", _sequence));
    }

    private void MergeStage(EntityTable table, StageContent content, bool isReplay = false)
    {
        var merge = table.Merge;
        var keepRollups = !isReplay && _rollups.Concerns(table.Entity);
        if (!content.AreCreates || LastEnd(table) >= content.FirstLsn) Execute(merge.GuardHistory(content.FirstLsn));
        var (found, late, moved) = FindOpen(merge, content.AreCreates, isNeeded: keepRollups && _rollups.Follow(table.Entity));
        if (late > 0) Execute(merge.DropLate);
        if (content.HasSnapshotRows)
        {
            // The lake has them already when they come from there.
            if (!isReplay) Execute(merge.UnchangedToLake);
            Execute(merge.DropUnchanged);
        }

        if (moved > 0) Execute(merge.TakeOver);
        if (keepRollups) _rollups.Before(table, isAnyOpen: found > 0);
        if (found > 0 || content.HasDeletes || content.HasChains)
        {
            Execute(merge.EndVersions(content.HasDeletes));
            _lastEnds.Remove(table.Name);
        }

        if (found > 0) Execute(merge.RemoveEnded);
        Execute(merge.AddCurrent);
        if (keepRollups) _rollups.After(table);
    }

    // Of rows that were created usually none is there, which is found out without reading whole rows.
    private (long Found, long Late, long Moved) FindOpen(EntityMerge merge, bool areCreates, bool isNeeded)
    {
        if (areCreates && !IsTrue(merge.IsAnyOpen))
        {
            if (isNeeded) Execute(merge.NoneOpen);
            return default;
        }

        Execute(merge.FindOpen);
        using var command = Command(merge.CountOpen);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    // The latest end in the table's history, which is looked for again only when something has been added.
    private ulong LastEnd(EntityTable table)
    {
        if (_lastEnds.TryGetValue(table.Name, out var last)) return last;
        using var command = Command($"SELECT coalesce(max(_to_lsn), 0) FROM {table.History}");
        return _lastEnds[table.Name] = (ulong)command.ExecuteScalar()!;
    }

    private void Truncate(EntityTable table, string source, LogPosition position, DateTime at, long sequence, bool isReplay = false)
    {
        var (from, lsn, ordinal) = (("source", (object)source), ("lsn", (object)position.CommitLsn), ("ordinal", (object)position.Ordinal));
        var keepRollups = !isReplay && _rollups.Concerns(table.Entity);
        if (keepRollups)
        {
            Execute(table.Merge.CreateStage);
            Execute(table.Merge.StageAll, from, lsn, ordinal);
            Execute(table.Merge.FindOpen);
            _rollups.Before(table, isAnyOpen: true);
        }

        _lastEnds.Remove(table.Name);
        Execute(table.Merge.CloseAll, from, lsn, ordinal, ("at", at), ("sequence", sequence));
        Execute(table.Merge.RemoveAll, from, lsn, ordinal);
        if (keepRollups) _rollups.After(table);
        Execute("DELETE FROM _truncated WHERE entity = $entity AND source = $source", ("entity", table.Entity.Name), from);
        Execute("INSERT INTO _truncated (entity, source, commit_lsn, ordinal) VALUES ($entity, $source, $lsn, $ordinal)", ("entity", table.Entity.Name), from, lsn, ordinal);
    }

    private void CommitOffsets(ChangeBatch batch, string? broker)
    {
        CommitBroker(broker);
        CommitOffsets(batch.Partitions);
    }

    // A statement costs about as much as a hundred rows, so all partitions are written with two.
    private void CommitOffsets(IEnumerable<KeyValuePair<TopicPartition, PartitionState>> partitions)
    {
        List<(string, object)> places = [], values = [];
        StringBuilder rows = new();
        foreach (var (partition, state) in partitions)
        {
            var i = places.Count / 2;
            places.AddRange([($"topic{i}", partition.Topic), ($"partition{i}", partition.Partition.Value)]);
            foreach (var (source, applied) in state.Applied.Count > 0 ? state.Applied : NoSource)
            {
                var j = values.Count / 4;
                rows.Append(CultureInfo.InvariantCulture, $"{(j == 0 ? "" : ", ")}($topic{i}, $partition{i}, $offset{j}, $source{j}, $lsn{j}, $ordinal{j})");
                values.AddRange([($"offset{j}", state.NextOffset), ($"source{j}", source), ($"lsn{j}", applied.CommitLsn), ($"ordinal{j}", applied.Ordinal)]);
            }
        }

        if (places.Count == 0) return;
        var same = string.Join(" OR ", Enumerable.Range(0, places.Count / 2).Select(i => $"(topic = $topic{i} AND partition = $partition{i})"));
        Execute($"DELETE FROM _partitions WHERE {same}", [.. places]);
        Execute($"INSERT INTO _partitions (topic, partition, next_offset, source, commit_lsn, ordinal) VALUES {rows}", [.. places, .. values]);
    }

    // As soon as there are several, changes are looked through for rows that have come from one to another.
    private void NoteSources(IEnumerable<string> sources)
    {
        foreach (var source in sources)
        {
            if (_sources.Add(source)) Execute("INSERT INTO _sources VALUES ($source)", ("source", source));
        }
    }

    private HashSet<string> ReadSources() =>
        [.. ReadTexts("SELECT source FROM _sources UNION SELECT source FROM _partitions WHERE source <> ''")];

    private void CommitBroker(string? broker)
    {
        if (broker is null || ReadBroker() == broker) return;
        // Another broker's offsets mean nothing here, those of partitions that nothing has come from since included.
        Execute("UPDATE _partitions SET next_offset = 0");
        Execute("DELETE FROM _broker");
        Execute("INSERT INTO _broker VALUES ($identity)", ("identity", broker));
    }

    // They hold views only, which are made anew as the contracts are now.
    private List<string> ReadStarSchemas() =>
        ReadTexts("SELECT DISTINCT schema_name FROM duckdb_schemas() WHERE database_name = current_database() AND (schema_name = 'star' OR starts_with(schema_name, 'mart_'))");

    private List<string> ReadTexts(string sql)
    {
        using var command = Command(sql);
        using var reader = command.ExecuteReader();
        List<string> texts = [];
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    private void StoreSequence()
    {
        if (Execute("UPDATE _sequence SET last = $sequence", ("sequence", _sequence)) == 0) Execute("INSERT INTO _sequence VALUES ($sequence)", ("sequence", _sequence));
    }

    private long ReadSequence()
    {
        using var command = Command("SELECT coalesce(max(last), 0) FROM _sequence");
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private string? ReadBroker()
    {
        using var command = Command("SELECT identity FROM _broker");
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private bool IsTrue(string sql)
    {
        using var command = Command(sql);
        return command.ExecuteScalar() is true;
    }

    private int Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
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
