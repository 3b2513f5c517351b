using Confluent.Kafka;
using Platform.CdcAnalytics.Publishing;

namespace Platform.CdcAnalytics.Pipeline;

/// <summary>
/// What the sources have in common, since they write to the same partitions and one warehouse reads them: where partitions end, how far they have been applied, the
/// bytes in between, and whether the pipeline can go on. It hands deliveries to the source that sent them, by the ticket. Thread-safe.
/// </summary>
internal sealed class BrokerProgress(TimeProvider clock) : IDeliveryListener
{
    // A ticket begins with its source's number.
    private const int NumberShift = 48;

    private const long Unknown = -1;

    private readonly Dictionary<TopicPartition, int> _slots = [];
    private readonly Dictionary<string, int[]> _slotsByTopic = new(StringComparer.Ordinal);
    // By number, which is never used again: what comes for a source that is gone is nobody's.
    private readonly List<LogProgress?> _sources = [];
    private TaskCompletionSource _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long[] _begins = [], _ends = [];
    private int _bulkProducers;
    private long _sentBytes, _appliedBytes, _appliedEvents;
    private string? _failure;

    /// <summary>Why the pipeline cannot go on and must begin again from what is durable, or null.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Bytes of events sent that the warehouse has not committed, of all sources.</summary>
    public long UnappliedBytes => Interlocked.Read(ref _sentBytes) - Interlocked.Read(ref _appliedBytes);

    /// <summary>Change events committed to the warehouse since the start.</summary>
    public long AppliedEvents => Interlocked.Read(ref _appliedEvents);

    /// <summary>Times from commit to warehouse.</summary>
    public LatencyWindow Latency { get; } = new();

    /// <summary>Held by whoever reads or changes what is below, and the state of a source.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>The partitions, each at its place.</summary>
    internal TopicPartition[] Partitions { get; private set; } = [];

    /// <summary>The next offset that the warehouse reads of each.</summary>
    internal long[] AppliedOffsets { get; private set; } = [];

    /// <summary>A new source.</summary>
    public LogProgress Add(string cluster, string database)
    {
        lock (Gate)
        {
            var source = new LogProgress(this, cluster, database, (long)_sources.Count << NumberShift, clock);
            _sources.Add(source);
            return source;
        }
    }

    /// <summary>A source that is no longer captured.</summary>
    public void Remove(LogProgress source)
    {
        lock (Gate) _sources[_sources.IndexOf(source)] = null;
    }

    /// <summary>The warehouse has committed the events before these offsets.</summary>
    /// <param name="next">The next offset of each partition.</param>
    /// <param name="events">How many events were new.</param>
    /// <param name="bytes">Bytes of all events read.</param>
    public void Applied(IEnumerable<TopicPartitionOffset> next, int events, long bytes)
    {
        lock (Gate)
        {
            Interlocked.Add(ref _appliedEvents, events);
            Interlocked.Add(ref _appliedBytes, bytes);
            foreach (var partition in next)
            {
                var slot = SlotOf(partition.TopicPartition, Unknown);
                AppliedOffsets[slot] = partition.Offset.Value;
            }

            foreach (var source in _sources) source?.Advance();
            // Whoever waits for bytes to be applied looks again.
            Announce();
        }
    }

    /// <inheritdoc />
    public void Delivered(long ticket, TopicHandle topic, int partition, long offset)
    {
        lock (Gate)
        {
            var slot = _slotsByTopic.TryGetValue(topic.Name, out var slots) && partition < slots.Length ? slots[partition] : -1;
            if (slot >= 0) offset = Note(slot, topic, partition, offset);
            if (ticket >= 0) _sources[(int)(ticket >> NumberShift)]?.Delivered(ticket, slot, offset);
        }
    }

    /// <inheritdoc />
    public void Failed(string reason) => Fail(reason);

    /// <summary>One more producer writes to the partitions, until what is returned is disposed.</summary>
    public IDisposable BulkProducer()
    {
        lock (Gate) _bulkProducers++;
        return new Ending(() =>
        {
            lock (Gate) _bulkProducers--;
        });
    }

    /// <summary>Something was lost that only a new reading of the log brings back.</summary>
    public void Fail(string reason) => Interlocked.CompareExchange(ref _failure, reason, null);

    /// <summary>Waits until no more than so many bytes are sent and not applied.</summary>
    public Task WaitForUnappliedAsync(long bytes, CancellationToken cancellationToken) => WaitAsync(() => UnappliedBytes <= bytes, cancellationToken);

    /// <summary>Waits for a condition on what <see cref="Gate"/> protects.</summary>
    internal async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task advanced;
            lock (Gate)
            {
                if (condition()) return;
                advanced = _advanced.Task;
            }

            await advanced.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Something has moved on.</summary>
    internal void Announce()
    {
        _advanced.SetResult();
        _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>An event goes to the broker. The warehouse reads the contracts' topics only.</summary>
    internal void Sent(TopicHandle topic, int bytes)
    {
        if (_slotsByTopic.ContainsKey(topic.Name)) Interlocked.Add(ref _sentBytes, bytes);
    }

    /// <summary>A partition's place.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="end">Where it was found to end before this process sent anything; negative when nobody has looked.</param>
    internal int SlotOf(TopicPartition partition, long end)
    {
        if (_slots.TryGetValue(partition, out var slot))
        {
            // Later than the first time, what is found there may be on its way back to us as a delivery.
            if (_ends[slot] == Unknown) _begins[slot] = _ends[slot] = end;
            return slot;
        }

        slot = _slots[partition] = Partitions.Length;
        Partitions = [.. Partitions, partition];
        _begins = [.. _begins, end];
        _ends = [.. _ends, end];
        AppliedOffsets = [.. AppliedOffsets, 0];
        var known = _slotsByTopic.GetValueOrDefault(partition.Topic, []);
        var place = partition.Partition.Value;
        if (place >= known.Length) known = _slotsByTopic[partition.Topic] = [.. known, .. Enumerable.Repeat(-1, place + 1 - known.Length)];
        known[place] = slot;
        return slot;
    }

    private long Note(int slot, TopicHandle topic, int partition, long offset)
    {
        if (offset < 0)
        {
            // After a repetition the broker says only that it has the message already. As long as no other producer writes here, it is the next one; a source on its own
            // has sent everything with its second producer before it goes on with the first.
            if (_bulkProducers > 0 && _sources.Count(source => source is not null) > 1) Fail($"The broker did not say where in {topic.Name} [{partition}] it has a message that was sent twice.");
            offset = Math.Max(_ends[slot], 0);
        }

        // A producer's offsets only grow; where they do not, the broker was emptied, and "applied up to here" says nothing about what it has now.
        ref var end = ref topic.EndOf(partition);
        if (offset < Math.Max(end, _begins[slot])) Fail($"The broker gives offset {offset} of {topic.Name} [{partition}] again: it has lost its topics.");
        end = offset + 1;
        _ends[slot] = Math.Max(_ends[slot], end);
        return offset;
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
