using Npgsql;
using NpgsqlTypes;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Slots;
using Platform.CdcAnalytics.Snapshots;
using Platform.Harness;
using Platform.Integration.Servers;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>A database with a publication of all its tables, whose changes are captured into a broker; and what the broker got.</summary>
internal sealed class CapturedDatabase : IAsyncDisposable
{
    private const string Publication = "everything";

    private readonly PlatformServers _servers;
    private readonly ScratchDatabase _database;
    private readonly TemporaryFolder _folder = new();
    private readonly string _bootstrapServers;
    private RunningCapture? _capture;

    private CapturedDatabase(PlatformServers servers, ScratchDatabase database, string bootstrapServers)
    {
        (_servers, _database, _bootstrapServers) = (servers, database, bootstrapServers);
        Settings = new CaptureOptions
        {
            Slot = database.Name, Publication = Publication, TopicPrefix = database.Name, ConfirmAfter = ConfirmAfter.BrokerAcknowledgement,
            ConfirmInterval = TimeSpan.FromMilliseconds(50), StatePath = Path.Combine(_folder["capture"], "state.json"), SpoolPath = _folder["spool"],
        };
    }

    public CaptureOptions Settings { get; }

    public LogProgress Progress => _capture!.Progress;

    public CaptureState State => _capture!.State;

    public SnapshotControl Snapshots => _capture!.Snapshots;

    public SourceKeeper Keeper => _capture!.Keeper;

    public string SpoolFolder => Settings.SpoolPath!;

    /// <summary>Connections that may do everything.</summary>
    public NpgsqlDataSource Superuser => _database.Superuser;

    /// <summary>Makes the database.</summary>
    /// <param name="servers">Where.</param>
    /// <param name="bootstrapServers">The broker.</param>
    /// <param name="tables">Statements that make what is there before capture begins.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="configure">Changes how it is captured.</param>
    public static async Task<CapturedDatabase> CreateAsync(
        PlatformServers servers, string bootstrapServers, string tables, CancellationToken cancellationToken, Action<CaptureOptions>? configure = null)
    {
        var database = new CapturedDatabase(servers, await ScratchDatabase.CreateAsync(servers, cancellationToken), bootstrapServers);
        configure?.Invoke(database.Settings);
        await database.Superuser.ExecuteAsync(tables, cancellationToken);
        await database.Superuser.ExecuteAsync(
            $"""
            CREATE PUBLICATION {Publication} FOR ALL TABLES WITH (publish_via_partition_root = true);
            GRANT USAGE ON SCHEMA public TO platform_cdc;
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO platform_cdc;
            """,
            cancellationToken);
        return database;
    }

    /// <summary>Starts capture and returns when it reads the log.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Begin();
        await WaitAsync(() => State.Activity == "streaming", cancellationToken);
    }

    /// <summary>Starts capture.</summary>
    /// <param name="port">Where it finds the server; null where that listens.</param>
    public void Begin(int? port = null)
    {
        var server = new NpgsqlConnectionStringBuilder(_servers.Primary.ConnectionString("platform_cdc", PlatformServers.Password, _database.Name));
        if (port is { } other) server.Port = other;
        _capture = new RunningCapture(server.ConnectionString, _bootstrapServers, Settings);
    }

    /// <summary>Ends capture as a kill does: what is on its way to the broker is lost, and nothing more is stored.</summary>
    public async Task KillAsync()
    {
        if (_capture is not null) await _capture.DisposeAsync();
        _capture = null;
    }

    /// <summary>Waits for something that capture does.</summary>
    public Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken) => Eventually.HoldsAsync(
        () => Task.FromResult((condition(), $"capture is {State.Activity}: {State.Trouble}")), Deadline.Usual, cancellationToken);

    /// <summary>Runs statements, each in its own transaction but for those between BEGIN and COMMIT.</summary>
    public async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await Superuser.OpenConnectionAsync(cancellationToken);
        foreach (var statement in sql.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Waits until the broker has everything committed until now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var lsn = (ulong)await Superuser.ReadAsync<NpgsqlLogSequenceNumber>("SELECT pg_current_wal_lsn()", cancellationToken);
        await WaitAsync(() => Progress.DeliveredLsn >= lsn, cancellationToken);
        Assert.Null(Progress.Report().Failure);
    }

    /// <summary>Every message of a table's topic, in the log's order.</summary>
    public IReadOnlyList<CapturedMessage> Read(string topic) => CapturedMessage.ReadAll(_bootstrapServers, $"{Settings.TopicPrefix}.{topic}");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _database.Superuser.ExecuteAsync(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1", CancellationToken.None, Settings.Slot);
        await _database.DisposeAsync();
        _folder.Dispose();
    }
}
