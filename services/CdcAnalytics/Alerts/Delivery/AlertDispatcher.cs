using DuckDB.NET.Data;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Alerts.Delivery;

/// <summary>
/// Tells every receiver what it does not know yet: alerts that fire, and the end of those it was told of. What happens within a while is one message, and messages
/// keep a distance. What a receiver has not taken it is told again, also after a restart.
/// </summary>
internal sealed class AlertDispatcher(
    IEnumerable<IAlertReceiver> receivers, AlertBook book, AlertStore store, IOptions<AlertOptions> options, TimeProvider clock, ILogger<AlertDispatcher> logger)
    : BackgroundService
{
    private const int LargestMessage = 100;

    private readonly List<IAlertReceiver> _receivers = [.. receivers];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_receivers.Select(receiver => FollowAsync(receiver, stoppingToken)));

    // Each has a loop of its own: one that does not answer holds up no other.
    private async Task FollowAsync(IAlertReceiver receiver, CancellationToken stoppingToken)
    {
        await Task.Yield();
        var last = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = clock.GetUtcNow();
            var due = Due(receiver.Name, now);
            if (due.Count == 0 || now - last < options.Value.GroupInterval) continue;
            last = now;
            await TellAsync(receiver, due, now, stoppingToken);
        }
    }

    /// <summary>What the receiver is to be told now; nothing while the newest of it still waits for company.</summary>
    private List<Alert> Due(string receiver, DateTimeOffset now)
    {
        var silences = book.Silences(now);
        List<Alert> due = [.. book.Alerts
            .Where(alert => IsNews(alert, alert.Told.GetValueOrDefault(receiver), now) && !silences.Any(silence => silence.Covers(alert, now)))
            .OrderByDescending(alert => alert.State == AlertState.Firing).ThenByDescending(alert => alert.Severity).Take(LargestMessage)];
        return due.Exists(alert => now - (alert.ResolvedAt ?? alert.FiredAt) >= options.Value.GroupWait) ? due : [];
    }

    private bool IsNews(Alert alert, Told? told, DateTimeOffset now) => alert.State switch
    {
        AlertState.Firing => told?.State != AlertState.Firing || now - told.At >= options.Value.RepeatInterval,
        // Who was told nothing of it need not know that it is over.
        AlertState.Resolved => told?.State == AlertState.Firing,
        _ => false,
    };

    private async Task TellAsync(IAlertReceiver receiver, List<Alert> alerts, DateTimeOffset now, CancellationToken stoppingToken)
    {
        try
        {
            await receiver.TellAsync(new(Guid.CreateVersion7(now), now, alerts), stoppingToken);
            book.NoteTold(receiver.Name, alerts, now);
            logger.Told(receiver.Name, alerts.Count);
            store.Write(book.Alerts, book.Silences(now));
        }
        catch (AlertDeliveryException exception)
        {
            logger.NotTold(receiver.Name, alerts.Count, exception.Message);
        }
        catch (DuckDBException exception)
        {
            logger.NotKept(exception.Message);
        }
    }
}
