using Microsoft.Extensions.Options;
using Npgsql;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Keeps <see cref="LogReader"/> reading: a lost connection is taken up again where the slot stands.</summary>
internal sealed class CaptureService(
    LogReader reader,
    BrokerSession broker,
    LogProgress progress,
    CaptureState state,
    IConfiguration configuration,
    IOptions<CaptureOptions> options,
    TimeProvider clock,
    ILogger<CaptureService> logger) : BackgroundService
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(250), LongestDelay = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var connectionString = configuration.GetConnectionString("platform")
            ?? throw new InvalidOperationException("Set ConnectionStrings:platform to the primary, with the role that may replicate.");
        var delay = ShortestDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            string reason;
            try
            {
                var confirmed = await ReadSlotAsync(connectionString, stoppingToken);
                progress.Begin(await Task.Run(broker.Begin, stoppingToken), await Task.Run(broker.Leftover, stoppingToken), confirmed);
                state.Streaming();
                delay = ShortestDelay;
                await reader.ReadAsync(connectionString, stoppingToken);
                reason = "the server ended the stream";
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (SlotMissingException exception)
            {
                logger.SlotMissing(options.Value.Slot);
                reason = exception.Message;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException or Confluent.Kafka.KafkaException
                or MessageRefusedException or OperationCanceledException)
            {
                reason = exception.Message;
            }

            state.Interrupted(reason);
            logger.Interrupted(reason, delay);
            await Task.Delay(delay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
        }
    }

    private async Task<ulong> ReadSlotAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = options.Value.Slot });
        return await command.ExecuteScalarAsync(cancellationToken) is NpgsqlTypes.NpgsqlLogSequenceNumber lsn
            ? (ulong)lsn
            : throw new SlotMissingException($"The replication slot {options.Value.Slot} does not exist.");
    }

    private sealed class SlotMissingException(string message) : Exception(message);
}
