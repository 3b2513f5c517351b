using Npgsql;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Pipeline;
using Platform.ServiceDefaults;

namespace Platform.CdcAnalytics.Slots;

/// <summary>Watches how much of the log the slot holds back, and warns before the server gives it up.</summary>
/// <param name="progress">How far the broker is.</param>
/// <param name="connectionString">Where the slot is; null while that is not configured.</param>
/// <param name="options">The slot, and from where on to warn.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Hears the warning.</param>
internal sealed class SlotWatch(LogProgress progress, Func<string?> connectionString, CaptureOptions options, TimeProvider clock, ILogger<SlotWatch> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private Reading _latest = new(0, 0, null);

    /// <summary>What was found last.</summary>
    public Reading Latest => Volatile.Read(ref _latest);

    /// <summary>Watches until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (connectionString() is not { } server) return;
        await using var database = PrimaryServer.Open(server);
        using var timer = new PeriodicTimer(Interval, clock);
        var isHigh = false;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                var (current, retained, limit) = await SlotReader.ReadRetentionAsync(database, options.Slot, cancellationToken);
                var delivered = progress.DeliveredLsn;
                Volatile.Write(ref _latest, new(current > delivered ? (long)(current - delivered) : 0, retained, limit));
                var wasHigh = isHigh;
                isHigh = limit is { } most && retained > most * options.RetentionAlert;
                if (isHigh && !wasHigh) logger.RetentionHigh(options.Slot, retained, limit!.Value);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                // The capture itself tells that the server does not answer.
            }
        }
    }

    /// <summary>Where the slot stands.</summary>
    /// <param name="LagBytes">Bytes of the log that the broker does not have.</param>
    /// <param name="RetainedBytes">Bytes of the log that the slot holds back.</param>
    /// <param name="LimitBytes">The most that it may; null without a limit.</param>
    internal sealed record Reading(long LagBytes, long RetainedBytes, long? LimitBytes)
    {
        /// <summary>The share of the limit that is held back; 0 without a limit.</summary>
        public double RetainedShare => LimitBytes is > 0 and var limit ? (double)RetainedBytes / limit : 0;
    }
}
