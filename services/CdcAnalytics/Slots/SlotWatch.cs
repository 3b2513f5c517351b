using Microsoft.Extensions.Options;
using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;

namespace Platform.CdcAnalytics.Slots;

/// <summary>Watches how much of the log the slot holds back, and warns before the server gives it up.</summary>
internal sealed class SlotWatch(
    LogProgress progress, IConfiguration configuration, IOptions<CaptureOptions> options, TimeProvider clock, ILogger<SlotWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private Reading _latest = new(0, 0, null);

    /// <summary>What was found last.</summary>
    public Reading Latest => Volatile.Read(ref _latest);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration.GetConnectionString("platform") is not { } connectionString) return;
        await using var database = NpgsqlDataSource.Create(connectionString);
        using var timer = new PeriodicTimer(Interval, clock);
        var isHigh = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var (current, retained, limit) = await SlotReader.ReadRetentionAsync(database, options.Value.Slot, stoppingToken);
                var delivered = progress.DeliveredLsn;
                Volatile.Write(ref _latest, new(current > delivered ? (long)(current - delivered) : 0, retained, limit));
                var wasHigh = isHigh;
                isHigh = limit is { } most && retained > most * options.Value.RetentionAlert;
                if (isHigh && !wasHigh) logger.RetentionHigh(options.Value.Slot, retained, limit!.Value);
            }
            catch (NpgsqlException)
            {
                // The capture itself tells that the server does not answer.
            }
        }
    }

    /// <summary>Where the slot stands.</summary>
    /// <param name="LagBytes">Bytes of the log that the broker does not have.</param>
    /// <param name="RetainedBytes">Bytes of the log that the slot holds back.</param>
    /// <param name="LimitBytes">The most that it may; null without a limit.</param>
    internal sealed record Reading(long LagBytes, long RetainedBytes, long? LimitBytes);
}
