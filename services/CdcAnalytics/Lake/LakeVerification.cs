using System.Diagnostics.Metrics;
using DuckDB.NET.Data;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Warehouse;
using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Lake;

/// <summary>
/// Recomputes the warehouse from the lake in one batch, beside the stream, and compares: what came by the stream must be the same, row for row and
/// version for version. Runs while no file of the lake is removed.
/// </summary>
internal sealed class LakeVerification : IDisposable
{
    private readonly WarehouseStore _warehouse;
    private readonly LakeStore _lake;
    private readonly LakeFolder _folder;
    private readonly ContractSet _contracts;
    private readonly WarehouseOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<LakeVerification> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _differences;

    public LakeVerification(
        WarehouseStore warehouse, LakeStore lake, LakeFolder folder, ContractSet contracts, IOptions<WarehouseOptions> options, TimeProvider clock, IMeterFactory meters,
        ILogger<LakeVerification> logger)
    {
        (_warehouse, _lake, _folder, _contracts, _options, _clock, _logger) = (warehouse, lake, folder, contracts, options.Value, clock, logger);
        _meter = meters.Create("Platform.CdcAnalytics.Lake");
        _differences = _meter.CreateCounter<long>("lake.differences", description: "Tables in which the streamed warehouse and its recomputation from the lake differ.");
    }

    /// <summary>What came out the last time; null before the first.</summary>
    public VerificationReport? Last { get; private set; }

    public void Dispose() => _meter.Dispose();

    /// <summary>Recomputes and compares.</summary>
    public async Task<VerificationReport> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> files;
        List<TableFingerprint> streamed;
        using (await _warehouse.TurnAsync(cancellationToken))
        {
            _lake.Export();
            files = _lake.Files();
            streamed = Fingerprints(_warehouse);
        }

        var began = _clock.GetTimestamp();
        var recomputed = Recompute(files);
        List<TableComparison> tables = [.. streamed.Zip(recomputed, (stream, batch) => new TableComparison(stream.Table, stream.Rows, batch.Rows, stream == batch))];
        foreach (var table in tables.Where(table => !table.IsEqual))
        {
            _differences.Add(1, new KeyValuePair<string, object?>("table", table.Table));
            _logger.Differs(table.Table, table.Streamed, table.Recomputed);
        }

        Last = new(_clock.GetUtcNow(), _clock.GetElapsedTime(began).TotalMilliseconds, tables.TrueForAll(table => table.IsEqual), tables);
        _logger.Verified(tables.Count, Last.IsEqual, Last.Milliseconds);
        return Last;
    }

    private List<TableFingerprint> Recompute(IReadOnlyList<string> files)
    {
        var scratch = Directory.CreateTempSubdirectory("platform-lake-verification-");
        try
        {
            using var warehouse = new WarehouseStore(
                _contracts, Options.Create(new WarehouseOptions { Path = Path.Combine(scratch.FullName, "warehouse.duckdb"), MemoryLimit = _options.MemoryLimit }));
            var lake = new LakeStore(warehouse, _folder, _contracts);
            lake.Adopt(files);
            new LakeReplay(warehouse, lake, _contracts).Run();
            return Fingerprints(warehouse);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    // The sum of the rows' hashes is the same in whichever order they lie.
    private List<TableFingerprint> Fingerprints(WarehouseStore warehouse)
    {
        List<TableFingerprint> prints = [];
        using var connection = warehouse.OpenReader();
        foreach (var table in _contracts.Entities.Select(warehouse.Table))
        {
            foreach (var (name, end) in new[] { (table.Name, ""), (table.History, $", {EntityTable.EndColumns}") })
            {
                prints.Add(Fingerprint(connection, name, $"tenant_id, {table.Columns}, {EntityTable.VersionColumns}{end}"));
            }
        }

        prints.AddRange(_contracts.Entities.SelectMany(warehouse.Rollups).Select(rollup => Fingerprint(connection, rollup.Name, rollup.Columns)));
        return prints;
    }

    private static TableFingerprint Fingerprint(DuckDBConnection connection, string table, string columns)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*), CAST(coalesce(sum(CAST(hash({columns}) AS HUGEINT)), 0) AS VARCHAR) FROM {table}";
        using var reader = command.ExecuteReader();
        reader.Read();
        return new(table, reader.GetInt64(0), reader.GetString(1));
    }

    private sealed record TableFingerprint(string Table, long Rows, string Hash);
}
