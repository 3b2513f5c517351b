using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Platform.Benchmarks.Capture;

/// <summary>Reads a topic as any consumer would, and notes how old events are when they arrive.</summary>
internal sealed class TopicFollower : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IConsumer<Ignore, byte[]> _consumer;

    private TopicFollower(IConsumer<Ignore, byte[]> consumer) => _consumer = consumer;

    /// <summary>Makes the topic and stands at its end.</summary>
    public static async Task<TopicFollower> StartAsync(string bootstrapServers, string topic)
    {
        var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "benchmark", FetchWaitMaxMs = 100, FetchMinBytes = 1, QueuedMaxMessagesKbytes = 8 * 1024 })
            .SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var isNew = true;
        try
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 4, ReplicationFactor = 1 }]);
        }
        catch (CreateTopicsException exception) when (exception.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            // From an earlier part of the run.
            isNew = false;
        }

        consumer.Assign(Enumerable.Range(0, 4).Select(p => new TopicPartitionOffset(
            topic, p, isNew ? 0 : consumer.QueryWatermarkOffsets(new(topic, p), TimeSpan.FromSeconds(10)).High)));
        return new(consumer);
    }

    /// <summary>Reads so many events.</summary>
    /// <returns>The broker's time of the first and of the last event.</returns>
    public (DateTime First, DateTime Last) Count(int events)
    {
        var (first, last, read) = (DateTime.MaxValue, DateTime.MinValue, 0);
        while (read < events)
        {
            if (_consumer.Consume(Patience) is not { } consumed) throw new TimeoutException($"{read} of {events} events came.");
            if (consumed.Message.Value is null) continue;
            read++;
            var at = consumed.Message.Timestamp.UtcDateTime;
            if (at < first) first = at;
            if (at > last) last = at;
        }

        return (first, last);
    }

    /// <summary>Reads so many events.</summary>
    /// <returns>Milliseconds between each event's commit and its arrival.</returns>
    public List<double> Ages(int events)
    {
        var ages = new List<double>(events);
        while (ages.Count < events)
        {
            if (_consumer.Consume(Patience) is not { } consumed) throw new TimeoutException($"{ages.Count} of {events} events came.");
            if (consumed.Message.Value is not { } value) continue;
            var now = (TimeProvider.System.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / 10.0;
            ages.Add((now - CommittedMicros(value)) / 1000);
        }

        return ages;
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }

    private static long CommittedMicros(ReadOnlySpan<byte> value)
    {
        // The source's, which stands before the event's own.
        var at = value[(value.IndexOf("\"source\":"u8) + 1)..];
        at = at[(at.IndexOf("\"ts_us\":"u8) + 8)..];
        return long.Parse(Encoding.ASCII.GetString(at[..at.IndexOf((byte)',')]), System.Globalization.CultureInfo.InvariantCulture);
    }
}
