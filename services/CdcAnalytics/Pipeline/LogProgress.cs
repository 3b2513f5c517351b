using Confluent.Kafka;
using Platform.CdcAnalytics.Publishing;
using Platform.Changes;

namespace Platform.CdcAnalytics.Pipeline;

/// <summary>
/// Follows every transaction from the log through the broker into the warehouse, in commit order, so that two questions have exact
/// answers: up to which position has the broker everything, and up to which has the warehouse. The first is counted transaction by transaction;
/// for the second it notes from time to time where the partitions end (<see cref="PositionMark"/>), for who has read up to there has everything before.
/// Thread-safe.
/// </summary>
internal sealed class LogProgress(TimeProvider clock) : IDeliveryListener
{
    /// <summary>The ticket of a message that belongs to no transaction.</summary>
    public const long NoTransaction = -1;

    // Marks closer together than this say nothing of use, and cost memory when the warehouse is behind.
    private static readonly TimeSpan BetweenMarks = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<Mark> _marks = new();
    private readonly Dictionary<TopicPartition, int> _slots = [];
    private readonly Dictionary<string, int[]> _slotsByTopic = new(StringComparer.Ordinal);
    private readonly LatencyWindow _latency = new();
    private TransactionProgress[] _underWay = new TransactionProgress[1024];
    private TopicPartition[] _partitions = [];
    private long[] _ends = [], _applied = [];
    private long _first, _next;
    private Mark? _newest;
    private TaskCompletionSource _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _beganAt;
    private ulong _deliveredLsn, _appliedLsn, _capturedLsn;
    private long _captured, _appliedEvents, _sentBytes, _appliedBytes;
    private string? _failure;

    /// <summary>Why the pipeline cannot go on and must begin again from what is durable, or null.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Position up to which the broker has every change.</summary>
    public ulong DeliveredLsn
    {
        get { lock (_gate) return _deliveredLsn; }
    }

    /// <summary>Position up to which the warehouse has every change.</summary>
    public ulong AppliedLsn
    {
        get { lock (_gate) return _appliedLsn; }
    }

    /// <summary>Bytes of events sent that the warehouse has not committed.</summary>
    public long UnappliedBytes => Interlocked.Read(ref _sentBytes) - Interlocked.Read(ref _appliedBytes);

    /// <summary>
    /// Begins with what earlier runs left in the broker: until the warehouse has applied it, nothing counts as applied. What was under way is
    /// forgotten, since it is read from the log again.
    /// </summary>
    /// <param name="begin">The first offset of each partition that counts; these are the partitions that the warehouse reads.</param>
    /// <param name="leftover">The offset after the last event of each of them that was there already.</param>
    /// <param name="confirmedLsn">Position from which the log is read.</param>
    public void Begin(
        IReadOnlyDictionary<TopicPartition, long> begin, IReadOnlyDictionary<TopicPartition, long> leftover, ulong confirmedLsn)
    {
        lock (_gate)
        {
            foreach (var (partition, offset) in begin)
            {
                var slot = SlotOf(partition);
                _ends[slot] = Math.Max(_ends[slot], Math.Max(offset, leftover.GetValueOrDefault(partition)));
            }

            _beganAt = clock.GetUtcNow();
            _first = _next;
            _marks.Clear();
            _deliveredLsn = Math.Max(_deliveredLsn, confirmedLsn);
            _newest = null;
            AddMark(transactions: 0, oldestMicros: 0);
            Advance();
        }
    }

    /// <summary>A transaction's first message has been read from the log.</summary>
    /// <returns>The ticket that its events are sent with.</returns>
    public long BeginTransaction(long committedMicros)
    {
        lock (_gate)
        {
            if (_next - _first == _underWay.Length) Grow();
            At(_next) = new() { CommittedMicros = committedMicros };
            return _next++;
        }
    }

    /// <summary>An event of the transaction goes to the broker.</summary>
    /// <param name="ticket">The transaction's.</param>
    /// <param name="topic">The event's topic.</param>
    /// <param name="bytes">Size of key and value.</param>
    public void Sent(long ticket, TopicHandle topic, int bytes)
    {
        lock (_gate)
        {
            ref var transaction = ref At(ticket);
            transaction.Undelivered++;
            transaction.HasEvents = true;
            _captured++;
            // The warehouse reads the contracts' topics only.
            if (_slotsByTopic.ContainsKey(topic.Name)) Interlocked.Add(ref _sentBytes, bytes);
        }
    }

    /// <summary>The transaction's commit has been read: it is complete.</summary>
    public void Commit(long ticket, ulong endLsn)
    {
        lock (_gate)
        {
            At(ticket).EndLsn = endLsn;
            _capturedLsn = endLsn;
            if (ticket == _first) Advance();
        }
    }

    /// <inheritdoc />
    public void Delivered(long ticket, TopicHandle topic, int partition, long offset)
    {
        lock (_gate)
        {
            if (_slotsByTopic.TryGetValue(topic.Name, out var slots) && partition < slots.Length && slots[partition] >= 0)
                Note(slots[partition], topic, partition, offset);
            // What was under way when the log was last read from anew counts no more.
            if (ticket < _first) return;
            ref var transaction = ref At(ticket);
            transaction.Undelivered--;
            if (transaction.Undelivered == 0 && ticket == _first) Advance();
        }
    }

    /// <inheritdoc />
    public void Failed(string reason) => Fail(reason);

    /// <summary>The warehouse has committed the events before these offsets.</summary>
    /// <param name="next">The next offset of each partition.</param>
    /// <param name="events">How many events were new.</param>
    /// <param name="bytes">Bytes of all events read.</param>
    public void Applied(IEnumerable<TopicPartitionOffset> next, int events, long bytes)
    {
        lock (_gate)
        {
            _appliedEvents += events;
            Interlocked.Add(ref _appliedBytes, bytes);
            foreach (var partition in next)
            {
                var slot = SlotOf(partition.TopicPartition);
                _applied[slot] = partition.Offset.Value;
            }

            Advance();
            // Whoever waits for bytes to be applied looks again.
            Announce();
        }
    }

    /// <summary>The server has sent everything up to this position, and nothing of it is on its way.</summary>
    public void Idle(ulong lsn)
    {
        lock (_gate)
        {
            if (_first < _next || _failure is not null || lsn <= _deliveredLsn) return;
            _deliveredLsn = lsn;
            if (_marks.Count == 0) _appliedLsn = Math.Max(_appliedLsn, lsn);
            Announce();
        }
    }

    /// <summary>Something was lost that only a new reading of the log brings back.</summary>
    public void Fail(string reason) => Interlocked.CompareExchange(ref _failure, reason, null);

    /// <summary>What the broker has at this moment.</summary>
    public PositionMark DeliveredMark()
    {
        lock (_gate)
        {
            var ends = new Dictionary<TopicPartition, long>();
            for (var i = 0; i < _partitions.Length; i++)
            {
                if (_ends[i] > 0) ends[_partitions[i]] = _ends[i];
            }

            return new(_deliveredLsn, ends);
        }
    }

    /// <summary>Waits until the broker has everything up to a position.</summary>
    public Task WaitForDeliveredAsync(ulong lsn, CancellationToken cancellationToken) => WaitAsync(() => _deliveredLsn >= lsn, cancellationToken);

    /// <summary>Waits until no more than so many bytes are sent and not applied.</summary>
    public Task WaitForUnappliedAsync(long bytes, CancellationToken cancellationToken) => WaitAsync(() => UnappliedBytes <= bytes, cancellationToken);

    /// <summary>Waits until the warehouse has everything up to a position; false when that takes longer than allowed.</summary>
    public async Task<bool> WaitForAppliedAsync(ulong lsn, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(longest);
        try
        {
            await WaitAsync(() => _appliedLsn >= lsn, patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The figures at this moment.</summary>
    public PipelineReport Report()
    {
        lock (_gate)
        {
            return new(
                _capturedLsn, _deliveredLsn, _appliedLsn, _captured, _appliedEvents, (int)(_next - _first) + _marks.Sum(mark => mark.Transactions),
                OldestAge(), UnappliedBytes, _latency.Percentile(0.50), _latency.Percentile(0.99), _failure);
        }
    }

    private async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task advanced;
            lock (_gate)
            {
                if (condition()) return;
                advanced = _advanced.Task;
            }

            await advanced.WaitAsync(cancellationToken);
        }
    }

    private double OldestAge()
    {
        var oldest = _marks.TryPeek(out var applying) && applying.OldestMicros > 0 ? applying.OldestMicros : _first < _next ? At(_first).CommittedMicros : 0;
        return oldest == 0 ? 0 : Math.Max(0, AgeOf(oldest));
    }

    private double AgeOf(long micros) => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds - (micros / 1000.0);

    private void Note(int slot, TopicHandle topic, int partition, long offset)
    {
        // After a repetition the broker says only that it has the message already; nobody else writes here, so it is the next one.
        if (offset < 0) offset = _ends[slot];
        // Offsets only grow; where they do not, the broker was emptied, and "applied up to here" says nothing about what it has now.
        if (offset < _ends[slot]) Fail($"The broker gives offset {offset} of {topic.Name} [{partition}] again: it has lost its topics.");
        _ends[slot] = offset + 1;
    }

    private void Advance()
    {
        if (_failure is not null) return;
        var (moved, transactions, oldest) = (false, 0, 0L);
        for (; _first < _next && At(_first) is { Undelivered: 0, EndLsn: > 0 } done; _first++)
        {
            moved = true;
            _deliveredLsn = Math.Max(_deliveredLsn, done.EndLsn);
            if (!done.HasEvents) continue;
            transactions++;
            if (oldest == 0) oldest = done.CommittedMicros;
        }

        if (moved) AddMark(transactions, oldest);
        var before = _appliedLsn;
        while (_marks.TryPeek(out var mark) && IsReached(mark))
        {
            _appliedLsn = Math.Max(_appliedLsn, mark.Lsn);
            // What was committed while nobody captured was late for that reason.
            if (mark.OldestMicros > 0 && DateTimeOffset.UnixEpoch.AddTicks(mark.OldestMicros * TimeSpan.TicksPerMicrosecond) >= _beganAt) _latency.Add(AgeOf(mark.OldestMicros));
            _marks.Dequeue();
        }

        if (moved || _appliedLsn != before) Announce();
    }

    private void AddMark(int transactions, long oldestMicros)
    {
        var now = clock.GetTimestamp();
        if (_newest is null || !_marks.TryPeek(out _) || clock.GetElapsedTime(_newest.At, now) > BetweenMarks)
        {
            _newest = new Mark { At = now, Ends = new long[_ends.Length] };
            _marks.Enqueue(_newest);
        }

        _newest.Lsn = _deliveredLsn;
        _newest.Transactions += transactions;
        if (_newest.OldestMicros == 0) _newest.OldestMicros = oldestMicros;
        _ends.CopyTo(_newest.Ends, 0);
    }

    private bool IsReached(Mark mark)
    {
        for (var i = 0; i < mark.Ends.Length; i++)
        {
            if (_applied[i] < mark.Ends[i]) return false;
        }

        return true;
    }

    private int SlotOf(TopicPartition partition)
    {
        if (_slots.TryGetValue(partition, out var slot)) return slot;
        slot = _slots[partition] = _partitions.Length;
        _partitions = [.. _partitions, partition];
        _ends = [.. _ends, 0];
        _applied = [.. _applied, 0];
        _newest = null;
        var known = _slotsByTopic.GetValueOrDefault(partition.Topic, []);
        var place = partition.Partition.Value;
        if (place >= known.Length) known = _slotsByTopic[partition.Topic] = [.. known, .. Enumerable.Repeat(-1, place + 1 - known.Length)];
        known[place] = slot;
        return slot;
    }

    private ref TransactionProgress At(long ticket) => ref _underWay[ticket & (_underWay.Length - 1)];

    private void Grow()
    {
        var larger = new TransactionProgress[_underWay.Length * 2];
        for (var ticket = _first; ticket < _next; ticket++) larger[ticket & (larger.Length - 1)] = At(ticket);
        _underWay = larger;
    }

    private void Announce()
    {
        _advanced.SetResult();
        _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // How far one transaction's events have come.
    private struct TransactionProgress
    {
        // Position after the commit: 0 until the commit has been read.
        public ulong EndLsn;
        public long CommittedMicros;
        public int Undelivered;
        public bool HasEvents;
    }

    // The warehouse has everything up to Lsn once it has read the partitions up to Ends.
    private sealed class Mark
    {
        public ulong Lsn;
        public required long At;
        public required long[] Ends;
        public int Transactions;
        public long OldestMicros;
    }
}
