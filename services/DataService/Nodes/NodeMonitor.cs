using Npgsql;
using NpgsqlTypes;
using Platform.DataService.Storage;

namespace Platform.DataService.Nodes;

/// <summary>Probes the node beside this service, so that requests know its role without asking.</summary>
internal sealed class NodeMonitor(NpgsqlDataSource source, TimeProvider clock, ILogger<NodeMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly string Probe = SqlFile.Read("Nodes/probe.sql");

    private NodeState _state = NodeState.Unknown;

    /// <summary>The last probe's result.</summary>
    public NodeState State => Volatile.Read(ref _state);

    /// <summary>Asks the node now.</summary>
    public async Task<NodeState> ProbeAsync(CancellationToken cancellationToken)
    {
        var before = State;
        NodeState now;
        try
        {
            await using var command = source.CreateCommand(Probe);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            now = new(
                reader.GetBoolean(0),
                (uint)reader.GetInt64(1),
                (ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(2),
                TimeSpan.FromSeconds(await reader.IsDBNullAsync(3, cancellationToken) ? 0 : reader.GetDouble(3)),
                Error: null);
        }
        catch (NpgsqlException exception)
        {
            now = before with { Error = exception.Message };
        }

        Volatile.Write(ref _state, now);
        if (now.Error is not null && before.Error is null) logger.Lost(now.Error);
        if (now.Error is null && (before.Error is not null || now.IsPrimary != before.IsPrimary || now.Timeline != before.Timeline))
            logger.Found(now.IsPrimary ? "primary" : "replica", now.Timeline);
        return now;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await ProbeAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
