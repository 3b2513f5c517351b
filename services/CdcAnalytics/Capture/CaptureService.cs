using Platform.CdcAnalytics.Sources;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Captures every database that tenants are placed in, each by itself: one that is named for the first time while this runs is captured from then on.</summary>
internal sealed class CaptureService(CaptureSources sources, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(sources.All.Select(source => source.StopAsync()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        sources.Start();
        using var timer = new PeriodicTimer(Interval, clock);
        do sources.Follow();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
