using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Platform.CdcAnalytics.Live;

/// <summary>
/// A metric as a stream of server-sent events: <c>open</c> once a second with the window as far as it is known, and for tumbling windows <c>closed</c> when
/// nothing more is waited for. A slow reader misses seconds and holds up nobody.
/// </summary>
internal sealed class LiveFeed(LiveWindows windows, IHostApplicationLifetime application, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async IAsyncEnumerable<SseItem<LiveWindow>> FollowAsync(
        string metric, string? tenant, TimeSpan length, WindowKind kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A stream has no end of its own; it must not hold up the service's.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, application.ApplicationStopping);
        using var timer = new PeriodicTimer(Interval, clock);
        var closing = Aligned(clock.GetUtcNow(), length);
        do
        {
            var now = clock.GetUtcNow();
            for (var watermark = windows.WatermarkAt(now); kind == WindowKind.Tumbling && closing + length <= watermark; closing += length)
                yield return Item("closed", windows.Between(metric, tenant, closing, closing + length, now));
            yield return Item("open", windows.Open(metric, tenant, length, kind, now));
        }
        while (await NextAsync(timer, ending.Token));
    }

    private static SseItem<LiveWindow> Item(string type, LiveWindow window) => new(window, type) { EventId = $"{type}-{window.End.ToUnixTimeSeconds()}" };

    private static DateTimeOffset Aligned(DateTimeOffset time, TimeSpan length) => new(time.UtcTicks - (time.UtcTicks % length.Ticks), TimeSpan.Zero);

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
