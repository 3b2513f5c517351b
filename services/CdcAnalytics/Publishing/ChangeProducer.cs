using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Platform.ServiceDefaults;

namespace Platform.CdcAnalytics.Publishing;

/// <summary>
/// Sends messages to Kafka: idempotent, acknowledged by all in-sync replicas, compressed, keyed to partitions as the Java client does it
/// (murmur2). A message's memory may be used again as soon as <see cref="Send"/> returns. Thread-safe.
/// </summary>
internal sealed unsafe class ChangeProducer : IDisposable
{
    /// <summary>A partition of the broker's choice by the message's key.</summary>
    public const int ByKey = -1;

    private const int ErrorSize = 512, PollMilliseconds = 100;

    // Behind a backlog of this size the memory that it took is given back.
    private const long LargeBacklogBytes = 8 << 20;

    // So long a message waits for others where only throughput counts.
    private static readonly TimeSpan BulkLinger = TimeSpan.FromMilliseconds(20);

    private readonly string _bootstrapServers;
    private readonly ProducerOptions _options;
    private readonly nint _client, _queue;
    private readonly Thread _polling;
    private readonly IDeliveryListener _listener;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, TopicHandle> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<nint, TopicHandle> _byPointer = new();
    private readonly int _largestBacklog;
    private readonly Lock _roomGate = new();
    private TaskCompletionSource? _room;
    private long _bytes;
    private volatile bool _stopping;

    static ChangeProducer() => NativeHeap.LimitArenas(2);

    /// <exception cref="InvalidOperationException">The client refuses its settings.</exception>
    public ChangeProducer(string bootstrapServers, ProducerOptions options, IDeliveryListener listener, ILogger logger)
    {
        (_bootstrapServers, _options, _listener, _logger) = (bootstrapServers, options, listener, logger);
        _largestBacklog = options.LargestBacklogBytes;
        (string Name, string Value)[] settings =
        [
            ("bootstrap.servers", bootstrapServers),
            ("enable.idempotence", "true"),
            // Nothing is given up on: an event that cannot be delivered holds the slot, not the other way round.
            ("message.timeout.ms", "0"),
            ("linger.ms", options.Linger.TotalMilliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("compression.type", options.Compression),
            ("partitioner", "murmur2_random"),
            ("batch.size", "1000000"),
            ("message.max.bytes", options.LargestMessageBytes.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("queue.buffering.max.messages", "1000000"),
            // What may wait is bounded above, in bytes; this is only a little more.
            ("queue.buffering.max.kbytes", ((options.LargestBacklogBytes / 1024 * 2) + 16 * 1024).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("reconnect.backoff.ms", "50"),
            ("reconnect.backoff.max.ms", "1000"),
            ("log.queue", "true"),
        ];
        var error = stackalloc byte[ErrorSize];
        var configuration = Librdkafka.NewConfiguration();
        foreach (var (name, value) in settings)
        {
            if (Librdkafka.Set(configuration, name, value, error, ErrorSize) != 0)
                throw new InvalidOperationException($"Kafka client setting {name}={value}: {Marshal.PtrToStringUTF8((nint)error)}");
        }

        Librdkafka.SetEvents(configuration, Librdkafka.DeliveryEvent | Librdkafka.ErrorEvent | Librdkafka.LogEvent);
        _client = Librdkafka.NewClient(type: 0, configuration, error, ErrorSize);
        if (_client == 0) throw new InvalidOperationException($"Kafka client: {Marshal.PtrToStringUTF8((nint)error)}");
        _queue = Librdkafka.MainQueue(_client);
        _ = Librdkafka.SetLogQueue(_client, _queue);
        _polling = new Thread(Poll) { IsBackground = true, Name = "kafka delivery" };
        _polling.Start();
    }

    /// <summary>Bytes on their way to the broker.</summary>
    public long BacklogBytes => Interlocked.Read(ref _bytes);

    /// <summary>True when no more should be sent before <see cref="RoomAsync"/> returns.</summary>
    public bool IsFull => BacklogBytes >= _largestBacklog;

    /// <summary>
    /// Another producer like this one, for much at once: its messages wait for others, which the broker takes at half the cost. What both send to one partition
    /// is in no order.
    /// </summary>
    public ChangeProducer ForBulk() => new(
        _bootstrapServers,
        new ProducerOptions { LargestBacklogBytes = _options.LargestBacklogBytes, LargestMessageBytes = _options.LargestMessageBytes, Compression = _options.Compression, Linger = BulkLinger },
        _listener,
        _logger);

    /// <summary>The topic of that name.</summary>
    public TopicHandle Topic(string name) => _topics.GetOrAdd(name, CreateTopic);

    /// <summary>Returns when there is room for more.</summary>
    public Task RoomAsync(CancellationToken cancellationToken)
    {
        if (!IsFull) return Task.CompletedTask;
        lock (_roomGate)
        {
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // The last report may have come between the two questions.
            if (!IsFull) Release();
            return _room?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }
    }

    /// <summary>Queues a message; the listener hears of it with the same <paramref name="ticket"/>.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="partition">Which partition, or <see cref="ByKey"/>.</param>
    /// <param name="key">The key; empty for none.</param>
    /// <param name="value">The value.</param>
    /// <param name="isTombstone">True for a message without a value.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="ticket">Comes back with the delivery.</param>
    /// <exception cref="MessageRefusedException">The client refuses the message: it is too large, for instance.</exception>
    [SkipLocalsInit]
    public void Send(TopicHandle topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone, MessageHeaders headers, long ticket)
    {
        var arguments = stackalloc Librdkafka.ProduceArgument[6 + MessageHeaders.Most];
        fixed (byte* keyStart = key, valueStart = value, headerStart = headers.Bytes)
        {
            arguments[0] = new() { Type = Librdkafka.ProduceArgument.TopicHandle, Pointer = topic.Pointer };
            arguments[1] = new() { Type = Librdkafka.ProduceArgument.Partition, Number = partition };
            arguments[2] = new() { Type = Librdkafka.ProduceArgument.Flags, Number = Librdkafka.CopyFlag };
            arguments[3] = new() { Type = Librdkafka.ProduceArgument.Value, Pointer = isTombstone ? 0 : (nint)valueStart, Size = isTombstone ? 0 : value.Length };
            arguments[4] = new() { Type = Librdkafka.ProduceArgument.Key, Pointer = key.IsEmpty ? 0 : (nint)keyStart, Size = key.Length };
            arguments[5] = new() { Type = Librdkafka.ProduceArgument.Opaque, Pointer = (nint)ticket };
            for (var i = 0; i < headers.Count; i++)
            {
                var (name, start, length) = headers[i];
                arguments[6 + i] = new()
                {
                    Type = Librdkafka.ProduceArgument.Header, Pointer = name, HeaderValue = (nint)(headerStart + start), HeaderSize = length,
                };
            }

            Interlocked.Add(ref _bytes, key.Length + value.Length);
            while (true)
            {
                var error = Librdkafka.Produce(_client, arguments, 6 + headers.Count);
                if (error == 0) return;
                var code = Librdkafka.ErrorCode(error);
                Librdkafka.DestroyError(error);
                if (code == Librdkafka.QueueFull)
                {
                    // Only many small messages fill the library's own queue before the bytes are bounded; their reports come in a moment.
                    Thread.Yield();
                    continue;
                }

                Interlocked.Add(ref _bytes, -(key.Length + value.Length));
                throw new MessageRefusedException($"Kafka refuses a message of {value.Length} bytes for {topic.Name}: {Librdkafka.Describe(code)}.");
            }
        }
    }

    public void Dispose()
    {
        // What is on its way is read from the log again; waiting for it would hold the process up.
        _ = Librdkafka.Purge(_client, flags: 1 | 2);
        _stopping = true;
        _polling.Join();
        Librdkafka.DestroyQueue(_queue);
        foreach (var topic in _topics.Values) Librdkafka.DestroyTopic(topic.Pointer);
        Librdkafka.Destroy(_client);
    }

    private TopicHandle CreateTopic(string name)
    {
        var handle = new TopicHandle(name, Librdkafka.NewTopic(_client, name, configuration: 0));
        _byPointer[handle.Pointer] = handle;
        return handle;
    }

    private void Poll()
    {
        const int most = 1024;
        var messages = (Librdkafka.Message**)NativeMemory.Alloc(most, (nuint)sizeof(nint));
        var wasLarge = false;
        while (!_stopping)
        {
            var happened = Librdkafka.Poll(_queue, PollMilliseconds);
            wasLarge |= BacklogBytes >= LargeBacklogBytes;
            if (happened == 0)
            {
                if (wasLarge && BacklogBytes == 0)
                {
                    NativeHeap.Trim();
                    wasLarge = false;
                }

                continue;
            }

            switch (Librdkafka.EventType(happened))
            {
                case Librdkafka.DeliveryEvent:
                    Report(happened, messages, most);
                    break;
                case Librdkafka.LogEvent:
                    _logger.ClientSays(Librdkafka.Line(_client, happened));
                    break;
                case Librdkafka.ErrorEvent when Librdkafka.EventErrorIsFatal(happened) != 0:
                    _listener.Failed($"The Kafka client gave up: {Librdkafka.DescribeEvent(happened)}");
                    break;
            }

            Librdkafka.DestroyEvent(happened);
        }

        NativeMemory.Free(messages);
    }

    private void Report(nint happened, Librdkafka.Message** messages, int most)
    {
        var bytes = 0L;
        while (true)
        {
            var count = (int)Librdkafka.EventMessages(happened, messages, most);
            for (var i = 0; i < count; i++)
            {
                var message = messages[i];
                bytes += message->ValueSize + message->KeySize;
                if (message->Error == Librdkafka.Success) _listener.Delivered(message->Opaque, _byPointer[message->Topic], message->Partition, message->Offset);
                else if (!_stopping) _listener.Failed($"Kafka refused a message for {_byPointer[message->Topic].Name}: {Librdkafka.Describe(message->Error)}");
            }

            if (count < most) break;
        }

        Interlocked.Add(ref _bytes, -bytes);
        if (IsFull) return;
        lock (_roomGate) Release();
    }

    private void Release()
    {
        _room?.SetResult();
        _room = null;
    }
}
