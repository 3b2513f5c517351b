using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Platform.Caching;

/// <summary>
/// Hears every invalidation and takes the row out of this process's memory. While it cannot hear, the memory is empty and unused.
/// </summary>
public sealed class MemoryRowsListener(IConnectionMultiplexer store, TimeProvider clock, ILogger<MemoryRowsListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(2);
    private static readonly RedisChannel Channel = RedisChannel.Literal(CacheLayout.Invalidations);

    internal MemoryRows Rows { get; } = new(clock);

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        Rows.Dispose();
    }

    /// <summary>Reports that the store could not be used.</summary>
    internal void StoreFailed(string reason) => logger.StoreFailed(reason);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        store.ConnectionFailed += (_, failure) => Hear(failure.ConnectionType, connected: false);
        store.ConnectionRestored += (_, restored) => Hear(restored.ConnectionType, connected: true);
        var subscriber = store.GetSubscriber();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!Rows.Listening && store.IsConnected)
                {
                    await subscriber.UnsubscribeAsync(Channel);
                    // One after the other: a position is told behind the invalidations up to there.
                    (await subscriber.SubscribeAsync(Channel)).OnMessage(told => Take(told.Message));
                    Rows.Listening = true;
                    logger.Listening();
                }
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                logger.StoreFailed(exception.Message);
            }

            await Task.Delay(ProbeInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Hear(ConnectionType connection, bool connected)
    {
        // Messages sent while the subscription was down are gone, so what was kept until then is worth nothing.
        Rows.Listening = false;
        if (!connected) logger.Deaf(connection);
    }

    private void Take(RedisValue message)
    {
        var text = message.ToString();
        if (text == "*") Rows.Clear();
        else if (text.StartsWith('@') && text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank && ulong.TryParse(text.AsSpan(1..blank), NumberStyles.None, CultureInfo.InvariantCulture, out var lsn)) Rows.Followed(text[(blank + 1)..], lsn);
        else if (Invalidation.TryParse(text, out var invalidation)) Rows.Invalidate(invalidation.Key, invalidation.TransactionId);
    }
}
