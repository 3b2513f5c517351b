using System.Text;
using Npgsql;
using Npgsql.Replication;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Slots;
using Platform.CdcAnalytics.Snapshots;
using Platform.CdcAnalytics.Tables;
using Platform.Changes;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Options = Microsoft.Extensions.Options.Options;

namespace Platform.CdcAnalytics.Sources;

/// <summary>
/// A database whose changes are captured, with everything that is its own: slot, position, timeline, snapshots and state. It keeps the log being read: makes the slot,
/// takes its snapshot, and goes on where the slot stands after every interruption. Where going on would miss changes, it starts over, or stops, as
/// <see cref="CaptureOptions.LostChanges"/> says. What happens to it happens to no other source.
/// </summary>
internal sealed class CaptureSource : IAsyncDisposable
{
    // Forms of values that ValueWriter reads, whatever the server's settings are.
    private const string SessionSettings = "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1 -c bytea_output=hex";

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(250), LongestDelay = TimeSpan.FromSeconds(10);

    // Positions are told soon after they have changed, and not more often than is of use.
    private static readonly TimeSpan BetweenPositions = TimeSpan.FromMilliseconds(20);

    private readonly Func<string?> _connectionString;
    private readonly BrokerSession _broker;
    private readonly ChangeProducer _producer;
    private readonly ContractSet _contracts;
    private readonly CaptureOptions _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<CaptureSource> _logger;
    private readonly LogReader _reader;
    private readonly SlotStarter _starter;
    private readonly SourceStateFile _file;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <param name="address">The database.</param>
    /// <param name="settings">How it is captured: with a slot, a file and a name that are its own.</param>
    /// <param name="connectionString">Leads to it, with the role that may replicate; null while that is not configured.</param>
    /// <param name="broker">The broker as the process found it.</param>
    /// <param name="progress">Its own.</param>
    /// <param name="producer">Sends the changes of all sources.</param>
    /// <param name="contracts">The entities.</param>
    /// <param name="clock">The time.</param>
    /// <param name="loggers">Make loggers.</param>
    public CaptureSource(
        SourceAddress address, CaptureOptions settings, Func<string?> connectionString, BrokerSession broker, LogProgress progress, ChangeProducer producer,
        ContractSet contracts, TimeProvider clock, ILoggerFactory loggers)
    {
        (Address, Progress, _settings, _connectionString) = (address, progress, settings, connectionString);
        (_broker, _producer, _contracts, _clock, _logger) = (broker, producer, contracts, clock, loggers.CreateLogger<CaptureSource>());
        var options = Options.Create(settings);
        _file = new SourceStateFile(options);
        Name = ChangeSource.NameOf(settings.SourceName, address.Database);
        var announcer = new SnapshotAnnouncer(producer, Name);
        Keeper = new SourceKeeper(_file, Snapshots, announcer, progress, clock, loggers.CreateLogger<SourceKeeper>());
        Watch = new SlotWatch(progress, connectionString, settings, clock, loggers.CreateLogger<SlotWatch>());
        _reader = new LogReader(producer, progress, Snapshots, Keeper, clock, options, loggers.CreateLogger<LogReader>());
        _starter = new SlotStarter(Keeper, producer, progress, options, clock, loggers.CreateLogger<SlotStarter>());
    }

    /// <summary>The database.</summary>
    public SourceAddress Address { get; }

    /// <summary>What its changes are told apart by.</summary>
    public string Name { get; }

    /// <summary>Leads to it, with the role that may replicate; null while that is not configured.</summary>
    public string? ConnectionString => _connectionString();

    /// <summary>The slot.</summary>
    public string Slot => _settings.Slot;

    /// <summary>Where its changes stand.</summary>
    public LogProgress Progress { get; }

    /// <summary>What it does, and orders to it.</summary>
    public CaptureState State { get; } = new();

    /// <summary>Its snapshots.</summary>
    public SnapshotControl Snapshots { get; } = new();

    /// <summary>What it remembers.</summary>
    public SourceKeeper Keeper { get; }

    /// <summary>What its slot holds back.</summary>
    public SlotWatch Watch { get; }

    /// <summary>A connection string with what capture asks of every session.</summary>
    public static NpgsqlConnectionStringBuilder SettingsOf(string connectionString) =>
        new(connectionString) { Options = SessionSettings, ReadBufferSize = 64 * 1024 };

    /// <summary>Begins; it goes on until it is disposed.</summary>
    public void Start() => _running = Task.WhenAll(
        Task.Run(() => CaptureAsync(_stopping.Token)), Task.Run(() => TellPositionsAsync(_stopping.Token)), Task.Run(() => Watch.RunAsync(_stopping.Token)));

    /// <summary>Ends reading.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Gives the source up, once it is stopped: its slot is dropped and what it remembers forgotten.</summary>
    /// <exception cref="NpgsqlException">The server does not answer, or refuses.</exception>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        if (ConnectionString is { } server)
        {
            await using var database = PrimaryServer.Open(server);
            await using var drop = database.CreateCommand("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1");
            drop.Parameters.Add(new() { Value = Slot });
            await drop.ExecuteNonQueryAsync(cancellationToken);
        }

        _file.Delete();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        State.Dispose();
    }

    private async Task CaptureAsync(CancellationToken stoppingToken)
    {
        var delay = ShortestDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            await State.RunningAsync(stoppingToken);
            using var session = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, State.Pausing);
            string reason;
            try
            {
                await ReadAsync(() => delay = ShortestDelay, session.Token);
                reason = "the server ended the stream";
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException) when (State.Pausing.IsCancellationRequested)
            {
                continue;
            }
            catch (LostChangesException exception)
            {
                _logger.ChangesLost(Address, exception.Message);
                reason = exception.Message;
            }
            catch (Exception exception)
            {
                // Whatever it is, it is this source's: the others go on.
                reason = exception.Message;
            }

            State.Interrupted(reason);
            _logger.Interrupted(Address, reason, delay);
            await Task.Delay(delay, _clock, session.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
        }
    }

    private async Task ReadAsync(Action streaming, CancellationToken cancellationToken)
    {
        var nodes = ConnectionString
            ?? throw new InvalidOperationException($"Tenants are placed on cluster {Address.Cluster}, and nobody has said where that is: set ConnectionStrings:{Address.Cluster} to its primary, with the role that may replicate.");
        var settings = SettingsOf(await PrimaryServer.FindAsync(nodes, cancellationToken));
        await using var database = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var replication = new LogicalReplicationConnection(settings.ConnectionString);
        await replication.Open(cancellationToken);
        var catalogue = new TableCatalogue(settings.Database!, database, _contracts, _producer, _settings);

        var found = await SlotReader.ReadAsync(database, replication, Slot, cancellationToken);
        if (found is { Exists: true, IsOurs: false })
            throw new SlotUnusableException($"The replication slot {Slot} is not a pgoutput slot of database {settings.Database}; set Capture:Slot to another name.");
        var remembered = Keeper.Load();
        var loss = SlotCheck.FindLoss(remembered, found, Slot);
        if (loss is not null && _settings.LostChanges == LostChanges.Stop && !State.MayStartOver)
            throw new LostChangesException($"{loss} Changes were lost. Order a new snapshot with POST /capture/{Address}/start-over.");

        var isNew = loss is not null || !found.Exists || !SlotStarter.CanGoOn(remembered!);
        Progress.Begin(
            await _broker.BeginAsync(cancellationToken), await _broker.LeftoverAsync(cancellationToken), isNew ? 0 : found.ConfirmedLsn);
        if (isNew)
        {
            if (loss is not null) _logger.StartingOver(Address, loss);
            State.Snapshotting();
            await _starter.StartAsync(database, replication, catalogue, found, remembered, loss, cancellationToken);
            // The connection that made the slot has done its work; its snapshot ends with it.
            await using var next = new LogicalReplicationConnection(settings.ConnectionString);
            await next.Open(cancellationToken);
            State.Streaming();
            streaming();
            await _reader.ReadAsync(next, database, catalogue, cancellationToken);
        }
        else
        {
            State.Streaming();
            streaming();
            await _reader.ReadAsync(replication, database, catalogue, cancellationToken);
        }
    }

    // Tells the readers of the change topics how far the broker has everything of this source.
    private async Task TellPositionsAsync(CancellationToken cancellationToken)
    {
        var (topic, partition) = (_producer.Topic(PositionMark.Partition.Topic), PositionMark.Partition.Partition.Value);
        var key = Encoding.UTF8.GetBytes(Address.ToString());
        var told = 0ul;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Progress.WaitForDeliveredAsync(told + 1, cancellationToken);
            var mark = Progress.DeliveredMark();
            // A mark that is lost is followed by another one.
            _producer.Send(topic, partition, key, mark.Encode(), isTombstone: false, MessageHeaders.None, LogProgress.NoTransaction);
            told = mark.Lsn;
            await Task.Delay(BetweenPositions, _clock, cancellationToken);
        }
    }
}
