using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Pipeline;

namespace Platform.CdcAnalytics.Capture;

/// <summary>
/// Puts change events into their topics and tells <see cref="LogProgress"/> which the broker has. Never more than the allowed
/// number is on its way: reading of the log waits.
/// </summary>
internal sealed class ChangePublisher(IProducer<byte[], byte[]> producer, LogProgress progress, IOptions<CaptureOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _room = new(options.Value.LargestBacklog);

    public void Dispose() => _room.Dispose();

    /// <summary>Sends one event; returns when it is queued, not when it is delivered.</summary>
    /// <param name="transaction">The transaction it belongs to, for <see cref="LogProgress"/>.</param>
    /// <param name="topic">Its topic.</param>
    /// <param name="key">The row's key, which chooses the partition; null for the truncation of the whole table.</param>
    /// <param name="value">The envelope, or null for the tombstone that follows a delete.</param>
    /// <param name="cancellationToken">Ends the waiting for room.</param>
    public async ValueTask SendAsync(
        TransactionProgress transaction, string topic, byte[]? key, byte[]? value, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        progress.Sent(transaction);
        while (true)
        {
            try
            {
                producer.Produce(topic, new Message<byte[], byte[]> { Key = key!, Value = value! }, report => Delivered(transaction, report));
                return;
            }
            catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private void Delivered(TransactionProgress transaction, DeliveryReport<byte[], byte[]> report)
    {
        _room.Release();
        if (report.Error.IsError) progress.Fail($"Kafka refused a change event: {report.Error.Reason}");
        else progress.Delivered(transaction, report.TopicPartitionOffset);
    }
}
