using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.Replication;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Slots;
using Platform.CdcAnalytics.Tables;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// Keeps the log being read: makes the slot, takes its snapshot, and goes on where the slot stands after every interruption. Where going on would miss changes,
/// it starts over, or stops, as <see cref="CaptureOptions.LostChanges"/> says.
/// </summary>
internal sealed class CaptureService(
    LogReader reader,
    SlotStarter starter,
    SourceKeeper keeper,
    BrokerSession broker,
    LogProgress progress,
    ChangeProducer producer,
    ContractSet contracts,
    CaptureState state,
    IConfiguration configuration,
    IOptions<CaptureOptions> options,
    TimeProvider clock,
    ILogger<CaptureService> logger) : BackgroundService
{
    // Forms of values that ValueWriter reads, whatever the server's settings are.
    private const string SessionSettings = "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1 -c bytea_output=hex";

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(250), LongestDelay = TimeSpan.FromSeconds(10);

    /// <summary>A connection string with what capture asks of every session.</summary>
    public static NpgsqlConnectionStringBuilder SettingsOf(string connectionString) =>
        new(connectionString) { Options = SessionSettings, ReadBufferSize = 64 * 1024 };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = SettingsOf(configuration.GetConnectionString("platform")
            ?? throw new InvalidOperationException("Set ConnectionStrings:platform to the primary, with the role that may replicate."));
        var delay = ShortestDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            await state.RunningAsync(stoppingToken);
            using var session = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, state.Pausing);
            string reason;
            try
            {
                await ReadAsync(settings, () => delay = ShortestDelay, session.Token);
                reason = "the server ended the stream";
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException) when (state.Pausing.IsCancellationRequested)
            {
                continue;
            }
            catch (LostChangesException exception)
            {
                logger.ChangesLost(exception.Message);
                reason = exception.Message;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException or Confluent.Kafka.KafkaException
                or MessageRefusedException or OperationCanceledException or SlotUnusableException)
            {
                reason = exception.Message;
            }

            state.Interrupted(reason);
            logger.Interrupted(reason, delay);
            await Task.Delay(delay, clock, session.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
        }
    }

    private async Task ReadAsync(NpgsqlConnectionStringBuilder settings, Action streaming, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var replication = new LogicalReplicationConnection(settings.ConnectionString);
        await replication.Open(cancellationToken);
        var catalogue = new TableCatalogue(settings.Database!, database, contracts, producer, options.Value);

        var found = await SlotReader.ReadAsync(database, replication, options.Value.Slot, cancellationToken);
        if (found is { Exists: true, IsOurs: false })
            throw new SlotUnusableException($"The replication slot {options.Value.Slot} is not a pgoutput slot of database {settings.Database}; set Capture:Slot to another name.");
        var remembered = keeper.Load();
        var loss = SlotCheck.FindLoss(remembered, found, options.Value.Slot);
        if (loss is not null && options.Value.LostChanges == LostChanges.Stop && !state.MayStartOver)
            throw new LostChangesException($"{loss} Changes were lost. Order a new snapshot with POST /capture/start-over.");

        var isNew = loss is not null || !found.Exists || !SlotStarter.CanGoOn(remembered!);
        progress.Begin(
            await broker.BeginAsync(cancellationToken), await broker.LeftoverAsync(cancellationToken), isNew ? 0 : found.ConfirmedLsn);
        if (isNew)
        {
            if (loss is not null) logger.StartingOver(loss);
            state.Snapshotting();
            await starter.StartAsync(database, replication, catalogue, found, remembered, loss, cancellationToken);
            // The connection that made the slot has done its work; its snapshot ends with it.
            await using var next = new LogicalReplicationConnection(settings.ConnectionString);
            await next.Open(cancellationToken);
            state.Streaming();
            streaming();
            await reader.ReadAsync(next, database, catalogue, cancellationToken);
        }
        else
        {
            state.Streaming();
            streaming();
            await reader.ReadAsync(replication, database, catalogue, cancellationToken);
        }
    }
}
