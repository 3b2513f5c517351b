using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.Replication;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.Replication;

namespace Platform.CdcAnalytics.Verification;

/// <summary>
/// Compares every row of the source with the warehouse while both go on: a temporary slot gives a snapshot of the source together with its position in the log, and
/// the warehouse, which keeps every version, is asked for its rows at that position.
/// </summary>
internal sealed class SourceVerification : IDisposable
{
    private const int MostKeys = 20;

    private readonly WarehouseStore _warehouse;
    private readonly LogProgress _progress;
    private readonly ContractSet _contracts;
    private readonly IConfiguration _configuration;
    private readonly VerificationOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<SourceVerification> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _differences;

    public SourceVerification(
        WarehouseStore warehouse, LogProgress progress, ContractSet contracts, IConfiguration configuration, IOptions<VerificationOptions> options, TimeProvider clock,
        IMeterFactory meters, ILogger<SourceVerification> logger)
    {
        (_warehouse, _progress, _contracts, _configuration, _options, _clock, _logger) = (warehouse, progress, contracts, configuration, options.Value, clock, logger);
        _meter = meters.Create("Platform.CdcAnalytics.Verification");
        _differences = _meter.CreateCounter<long>("verification.differences", description: "Rows in which the source and the warehouse differ.");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Compares.</summary>
    /// <exception cref="NpgsqlException">The source refuses, or is lost.</exception>
    /// <exception cref="TimeoutException">The warehouse does not get up to the position.</exception>
    public async Task<SourceReport> RunAsync(CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        var settings = CaptureService.SettingsOf(_configuration.GetConnectionString("platform")!).ConnectionString;
        await using var database = NpgsqlDataSource.Create(settings);
        await using var source = await database.OpenConnectionAsync(cancellationToken);
        var lsn = await BeginAsync(source, settings, cancellationToken);
        if (!await _progress.WaitForAppliedAsync(lsn, _options.Patience, cancellationToken))
            throw new TimeoutException($"After {_options.Patience} the warehouse has not everything up to {LsnText.Format(lsn)}; see GET /capture.");

        List<SourceReport.Entity> entities = [];
        foreach (var entity in _contracts.Entities) entities.Add(await CompareAsync(source, entity, lsn, cancellationToken));
        var report = new SourceReport(
            _clock.GetUtcNow(), LsnText.Format(lsn), _clock.GetElapsedTime(began).TotalMilliseconds, entities.TrueForAll(entity => entity.Differences.Count == 0), entities);
        Tell(report);
        return report;
    }

    // The snapshot lives as long as a transaction that has taken it over, so neither the slot nor its connection is needed any longer.
    private static async Task<ulong> BeginAsync(NpgsqlConnection source, string settings, CancellationToken cancellationToken)
    {
        await using var replication = new LogicalReplicationConnection(settings);
        await replication.Open(cancellationToken);
        var slot = await replication.CreatePgOutputReplicationSlot(
            $"platform_verification_{Guid.NewGuid():N}", temporarySlot: true, slotSnapshotInitMode: LogicalSlotSnapshotInitMode.Export, cancellationToken: cancellationToken);
        await using var begin = new NpgsqlCommand($"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '{slot.SnapshotName}'", source);
        await begin.ExecuteNonQueryAsync(cancellationToken);
        return (ulong)slot.ConsistentPoint;
    }

    private async Task<SourceReport.Entity> CompareAsync(NpgsqlConnection source, EntityContract entity, ulong lsn, CancellationToken cancellationToken)
    {
        var table = _warehouse.Table(entity);
        using var warehouse = _warehouse.OpenReader();
        var expected = await EntityAtPosition.ReadAsync(source, entity, cancellationToken);
        var actual = await EntityAtPosition.ReadAsync(warehouse, table, lsn, cancellationToken);
        List<SourceReport.TenantDifference> differences = [];
        foreach (var tenant in expected.Keys.Union(actual.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (expected.GetValueOrDefault(tenant, TenantChecksum.None) == actual.GetValueOrDefault(tenant, TenantChecksum.None)) continue;
            differences.Add(Compare(
                tenant, await EntityAtPosition.ReadRowsAsync(source, entity, tenant, cancellationToken),
                await EntityAtPosition.ReadRowsAsync(warehouse, table, tenant, lsn, cancellationToken)));
        }

        return new(entity.Name, expected.Values.Sum(tenant => tenant.Rows), actual.Values.Sum(tenant => tenant.Rows), differences);
    }

    private static SourceReport.TenantDifference Compare(string tenant, Dictionary<string, string> expected, Dictionary<string, string> actual)
    {
        List<string> missing = [.. expected.Keys.Where(key => !actual.ContainsKey(key))], superfluous = [.. actual.Keys.Where(key => !expected.ContainsKey(key))],
            different = [.. expected.Where(row => actual.TryGetValue(row.Key, out var other) && other != row.Value).Select(row => row.Key)];
        return new(tenant, missing.Count, superfluous.Count, different.Count, [.. missing.Concat(superfluous).Concat(different).Take(MostKeys)]);
    }

    private void Tell(SourceReport report)
    {
        if (report.IsEqual) _logger.Equal(report.Position, report.Entities.Sum(entity => entity.SourceRows), report.Entities.Count, report.Milliseconds);
        foreach (var entity in report.Entities)
        {
            foreach (var found in entity.Differences)
            {
                _differences.Add(found.Missing + found.Superfluous + found.Different, new KeyValuePair<string, object?>("entity", entity.Name));
                _logger.Differs(report.Position, entity.Name, found.Tenant, found.Missing, found.Superfluous, found.Different);
            }
        }
    }
}
