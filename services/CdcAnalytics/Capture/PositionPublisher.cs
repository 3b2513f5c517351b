using System.Text;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.Changes;

namespace Platform.CdcAnalytics.Capture;

/// <summary>Tells the readers of the change topics how far the broker has everything: soon after it has changed, and not more often than is of use.</summary>
internal sealed class PositionPublisher(
    ChangeProducer producer, LogProgress progress, IOptions<CaptureOptions> options, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (topic, partition) = (producer.Topic(PositionMark.Partition.Topic), PositionMark.Partition.Partition.Value);
        var key = Encoding.UTF8.GetBytes(options.Value.Slot);
        var told = 0ul;
        while (!stoppingToken.IsCancellationRequested)
        {
            await progress.WaitForDeliveredAsync(told + 1, stoppingToken);
            var mark = progress.DeliveredMark();
            // A mark that is lost is followed by another one.
            producer.Send(topic, partition, key, mark.Encode(), isTombstone: false, MessageHeaders.None, LogProgress.NoTransaction);
            told = mark.Lsn;
            await Task.Delay(ShortestInterval, clock, stoppingToken);
        }
    }
}
