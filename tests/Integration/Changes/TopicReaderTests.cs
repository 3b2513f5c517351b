using System.Text;
using Confluent.Kafka;
using Platform.Changes;
using Platform.Integration.Capture;
using Xunit;

namespace Platform.Integration.Changes;

/// <summary>Reading ahead on a thread of its own.</summary>
public sealed class TopicReaderTests(BrokerFixture broker) : IClassFixture<BrokerFixture>, IDisposable
{
    private readonly List<IConsumer<byte[], byte[]>> _consumers = [];
    private readonly TopicPartition _partition = new($"topic-{Guid.NewGuid():N}", 0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _consumers.ForEach(consumer => consumer.Dispose());

    [Fact]
    public async Task Hands_on_everything_in_order_and_reads_on_a_thread_that_is_nobody_elses()
    {
        const int count = 2000;
        await ProduceAsync(Enumerable.Range(0, count).Select(i => $"{i}"));
        await using var reader = new TopicReader<(string Value, bool IsPooled)>(
            NewConsumer(), [new(_partition, 0)], message => (Encoding.UTF8.GetString(message.Message.Value), Thread.CurrentThread.IsThreadPoolThread));
        var read = await TakeAsync(reader, count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i}"), read.Select(message => message.Value));
        Assert.DoesNotContain(read, message => message.IsPooled);
    }

    [Fact]
    public async Task Reads_no_further_than_some_thousands_ahead_while_nobody_takes_anything()
    {
        const int count = 12_000, limit = 32 * 256;
        await ProduceAsync(Enumerable.Range(0, count).Select(i => $"{i}"));
        var (ahead, isFar) = (0, new TaskCompletionSource());
        await using var reader = new TopicReader<int>(NewConsumer(), [new(_partition, 0)], message =>
        {
            if (Interlocked.Increment(ref ahead) == limit / 2) isFar.TrySetResult();
            return message.Message.Value.Length;
        });
        await isFar.Task.WaitAsync(Cancellation);
        await using (var other = new TopicReader<int>(NewConsumer(), [new(_partition, 0)], message => message.Message.Value.Length)) await TakeAsync(other, count);
        Assert.InRange(Volatile.Read(ref ahead), limit / 2, limit);
        Assert.Equal(count, (await TakeAsync(reader, count)).Count);
    }

    [Fact]
    public async Task Waiting_ends_with_the_patience_and_when_something_comes()
    {
        await ProduceAsync(["first"]);
        await using var reader = new TopicReader<int>(NewConsumer(), [new(_partition, 1)], message => message.Message.Value.Length);
        await reader.WaitAsync(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        Assert.False(reader.TryRead(out _));
        await ProduceAsync(["second"]);
        await reader.WaitAsync(Cancellation);
        Assert.True(reader.TryRead(out var length));
        Assert.Equal(6, length);
    }

    [Fact]
    public async Task What_goes_wrong_reaches_whoever_waits()
    {
        await ProduceAsync(["message"]);
        await using var reader = new TopicReader<int>(NewConsumer(), [new(_partition, 0)], _ => throw new KafkaException(ErrorCode.Local_Fail));
        var exception = await Assert.ThrowsAsync<KafkaException>(() => reader.WaitAsync(Cancellation));
        Assert.Equal(ErrorCode.Local_Fail, exception.Error.Code);
    }

    private IConsumer<byte[], byte[]> NewConsumer()
    {
        var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "reader", EnableAutoCommit = false })
            .SetLogHandler((_, _) => { }).Build();
        _consumers.Add(consumer);
        return consumer;
    }

    private static async Task<List<T>> TakeAsync<T>(TopicReader<T> reader, int count)
    {
        List<T> taken = [];
        while (taken.Count < count)
        {
            await reader.WaitAsync(Cancellation);
            while (taken.Count < count && reader.TryRead(out var message)) taken.Add(message);
        }

        return taken;
    }

    private async Task ProduceAsync(IEnumerable<string> values)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, Acks = Acks.All }).SetLogHandler((_, _) => { }).Build();
        await Task.WhenAll(values.Select(value => producer.ProduceAsync(_partition, new() { Value = value }, Cancellation)));
    }
}
