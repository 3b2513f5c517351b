using Confluent.Kafka;
using Platform.Requests;

namespace Platform.Gateway.Tracking;

/// <summary>
/// Sends what waits to the topic, off the requests' path. When the broker does not answer, the client's buffer fills, then the queue, and requests go on
/// without events: nothing here is worth a caller's time.
/// </summary>
internal sealed class RequestPublisher(
    IProducer<string?, byte[]> producer, RequestQueue queue, AddressHash addresses, TimeProvider clock, ILogger<RequestPublisher> logger) : BackgroundService
{
    private static readonly TimeSpan RoomCheck = TimeSpan.FromMilliseconds(50), LastPatience = TimeSpan.FromSeconds(2);

    private int _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host goes on; whatever is first waited for must not hold up its start.
        await Task.Yield();
        try
        {
            await foreach (var request in queue.Waiting.ReadAllAsync(stoppingToken)) await SendAsync(request, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            while (queue.Waiting.TryRead(out var request)) TrySend(request);
            producer.Flush(LastPatience);
        }
    }

    private async Task SendAsync(TrackedRequest request, CancellationToken stoppingToken)
    {
        while (!TrySend(request)) await Task.Delay(RoomCheck, clock, stoppingToken);
    }

    /// <summary>False when the client's buffer is full.</summary>
    private bool TrySend(TrackedRequest request)
    {
        try
        {
            producer.Produce(RequestTopic.Name, new() { Key = request.Tenant, Value = EventOf(request).Encode() }, Delivered);
            return true;
        }
        catch (ProduceException<string?, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
        catch (KafkaException exception)
        {
            Failed(exception.Error.Reason);
            return true;
        }
    }

    private RequestEvent EventOf(TrackedRequest request) => new()
    {
        Id = Guid.CreateVersion7(request.Time),
        Time = request.Time,
        Tenant = request.Tenant,
        User = request.User,
        Method = request.Method,
        Route = request.Route,
        Path = request.Path,
        Query = request.Query,
        Status = request.Status,
        Duration = Math.Round(request.Duration.TotalMilliseconds, 3),
        IsStream = request.IsStream,
        UserAgent = request.UserAgent,
        Client = addresses.Of(request.Address, request.Time),
        Referrer = request.Referrer,
        Weight = request.Weight,
    };

    private void Delivered(DeliveryReport<string?, byte[]> report)
    {
        if (report.Error.IsError)
        {
            Failed(report.Error.Reason);
            return;
        }

        queue.Sent();
        if (Interlocked.Exchange(ref _isFailing, 0) == 1) logger.Delivered();
    }

    private void Failed(string reason)
    {
        queue.Undelivered();
        if (Interlocked.Exchange(ref _isFailing, 1) == 0) logger.Undelivered(reason);
    }
}
