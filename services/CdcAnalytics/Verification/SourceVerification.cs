using System.Diagnostics.Metrics;
using DuckDB.NET.Data;
using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.Replication;
using Platform.CdcAnalytics.Sources;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.Replication;
using Platform.ServiceDefaults;

namespace Platform.CdcAnalytics.Verification;

/// <summary>
/// Compares every row of the sources with the warehouse while both go on: a temporary slot gives a snapshot of a source together with its position in the log, and
/// the warehouse, which keeps every version, is asked for its rows at that position.
/// </summary>
internal sealed class SourceVerification : IDisposable
{
    private const int MostKeys = 20;

    private readonly WarehouseStore _warehouse;
    private readonly CaptureSources _sources;
    private readonly ContractSet _contracts;
    private readonly VerificationOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<SourceVerification> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _differences;

    public SourceVerification(
        WarehouseStore warehouse, CaptureSources sources, ContractSet contracts, IOptions<VerificationOptions> options, TimeProvider clock, IMeterFactory meters,
        ILogger<SourceVerification> logger)
    {
        (_warehouse, _sources, _contracts, _options, _clock, _logger) = (warehouse, sources, contracts, options.Value, clock, logger);
        _meter = meters.Create("Platform.CdcAnalytics.Verification");
        _differences = _meter.CreateCounter<long>("verification.differences", description: "Rows in which a source and the warehouse differ.");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Compares one source after the other. One that cannot be compared is reported so, and the others are.</summary>
    public async Task<ComparisonReport> RunAsync(CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        List<ComparisonReport.Source> compared = [];
        if (!_sources.IsOn)
            return new(_clock.GetUtcNow(), 0, IsEqual: false, [new(_sources.Default.Address.Cluster, _sources.Default.Address.Database, null, "The platform's own capture is off (Capture:Enabled=false), so positions are not known.", [])]);
        foreach (var source in _sources.All)
        {
            try
            {
                compared.Add(await CompareAsync(source, cancellationToken));
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or DuckDBException or IOException or InvalidOperationException)
            {
                _logger.Failed(source.Address, exception.Message);
                compared.Add(new(source.Address.Cluster, source.Address.Database, Position: null, exception.Message, []));
            }
        }

        return new(
            _clock.GetUtcNow(), _clock.GetElapsedTime(began).TotalMilliseconds,
            compared.TrueForAll(source => source.Problem is null && source.Entities.All(entity => entity.Differences.Count == 0)), compared);
    }

    private async Task<ComparisonReport.Source> CompareAsync(CaptureSource source, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        var nodes = source.ConnectionString ?? throw new InvalidOperationException(source.State.Trouble);
        var settings = CaptureSource.SettingsOf(await PrimaryServer.FindAsync(nodes, cancellationToken)).ConnectionString;
        await using var database = NpgsqlDataSource.Create(settings);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var lsn = await BeginAsync(connection, settings, cancellationToken);
        if (!await source.Progress.WaitForAppliedAsync(lsn, _options.Patience, cancellationToken))
            throw new TimeoutException($"After {_options.Patience} the warehouse has not everything up to {LsnText.Format(lsn)}; see GET /capture.");

        List<ComparisonReport.Entity> entities = [];
        foreach (var entity in _contracts.Entities) entities.Add(await CompareAsync(connection, source.Name, entity, lsn, cancellationToken));
        // After a promotion, for instance: rows have the position of the snapshot that brought them, and are not there at an earlier one.
        if (source.Keeper.BeganAt > lsn)
            throw new InvalidOperationException($"Capture began anew at {LsnText.Format(source.Keeper.BeganAt)}, behind the position {LsnText.Format(lsn)} of this comparison. Compare again.");
        var report = new ComparisonReport.Source(source.Address.Cluster, source.Address.Database, LsnText.Format(lsn), Problem: null, entities);
        Tell(report, source.Address, _clock.GetElapsedTime(began).TotalMilliseconds);
        return report;
    }

    // The snapshot lives as long as a transaction that has taken it over, so neither the slot nor its connection is needed any longer.
    private static async Task<ulong> BeginAsync(NpgsqlConnection connection, string settings, CancellationToken cancellationToken)
    {
        await using var replication = new LogicalReplicationConnection(settings);
        await replication.Open(cancellationToken);
        var slot = await replication.CreatePgOutputReplicationSlot(
            $"platform_verification_{Guid.NewGuid():N}", temporarySlot: true, slotSnapshotInitMode: LogicalSlotSnapshotInitMode.Export, cancellationToken: cancellationToken);
        await using var begin = new NpgsqlCommand($"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '{slot.SnapshotName}'", connection);
        await begin.ExecuteNonQueryAsync(cancellationToken);
        return (ulong)slot.ConsistentPoint;
    }

    private async Task<ComparisonReport.Entity> CompareAsync(NpgsqlConnection connection, string source, EntityContract entity, ulong lsn, CancellationToken cancellationToken)
    {
        var table = _warehouse.Table(entity);
        using var warehouse = _warehouse.OpenReader();
        var expected = await EntityAtPosition.ReadAsync(connection, entity, cancellationToken);
        var actual = await EntityAtPosition.ReadAsync(warehouse, table, source, lsn, cancellationToken);
        List<ComparisonReport.TenantDifference> differences = [];
        foreach (var tenant in expected.Keys.Union(actual.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (expected.GetValueOrDefault(tenant, TenantChecksum.None) == actual.GetValueOrDefault(tenant, TenantChecksum.None)) continue;
            differences.Add(Compare(
                tenant, await EntityAtPosition.ReadRowsAsync(connection, entity, tenant, cancellationToken),
                await EntityAtPosition.ReadRowsAsync(warehouse, table, source, tenant, lsn, cancellationToken)));
        }

        return new(entity.Name, expected.Values.Sum(tenant => tenant.Rows), actual.Values.Sum(tenant => tenant.Rows), differences);
    }

    private static ComparisonReport.TenantDifference Compare(string tenant, Dictionary<string, string> expected, Dictionary<string, string> actual)
    {
        List<string> missing = [.. expected.Keys.Where(key => !actual.ContainsKey(key))], superfluous = [.. actual.Keys.Where(key => !expected.ContainsKey(key))],
            different = [.. expected.Where(row => actual.TryGetValue(row.Key, out var other) && other != row.Value).Select(row => row.Key)];
        return new(tenant, missing.Count, superfluous.Count, different.Count, [.. missing.Concat(superfluous).Concat(different).Take(MostKeys)]);
    }

    private void Tell(ComparisonReport.Source report, SourceAddress source, double milliseconds)
    {
        if (report.Entities.All(entity => entity.Differences.Count == 0))
            _logger.Equal(report.Position!, source, report.Entities.Sum(entity => entity.SourceRows), report.Entities.Count, milliseconds);
        foreach (var entity in report.Entities)
        {
            foreach (var found in entity.Differences)
            {
                _differences.Add(found.Missing + found.Superfluous + found.Different, new KeyValuePair<string, object?>("entity", entity.Name));
                _logger.Differs(report.Position!, source, entity.Name, found.Tenant, found.Missing, found.Superfluous, found.Different);
            }
        }
    }
}
