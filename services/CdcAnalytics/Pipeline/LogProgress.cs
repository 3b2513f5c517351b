using System.Diagnostics;
using Confluent.Kafka;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Publishing;
using Platform.Changes;

namespace Platform.CdcAnalytics.Pipeline;

/// <summary>
/// Follows every transaction of one source from its log through the broker into the warehouse, in commit order, so that two questions have exact
/// answers: up to which position has the broker everything, and up to which has the warehouse. The first is counted transaction by transaction;
/// for the second it notes from time to time where the partitions end (<see cref="PositionMark"/>), for who has read up to there has everything before.
/// Thread-safe.
/// </summary>
internal sealed class LogProgress
{
    /// <summary>The ticket of a message that belongs to no transaction.</summary>
    public const long NoTransaction = -1;

    // Marks closer together than this say nothing of use, and cost memory when the warehouse is behind.
    private static readonly TimeSpan BetweenMarks = TimeSpan.FromMilliseconds(5);

    private readonly BrokerProgress _broker;
    private readonly string _cluster, _database;
    private readonly TimeProvider _clock;
    private readonly Lock _gate;
    private readonly Queue<Mark> _marks = new();
    private TransactionProgress[] _underWay = new TransactionProgress[1024];
    // The offset after this source's last event, by the partition's place.
    private long[] _ends = [];
    private long _first, _next;
    private Mark? _newest;
    private DateTimeOffset _beganAt;
    private ulong _deliveredLsn, _appliedLsn, _capturedLsn;
    private long _captured, _appliedTicket;

    /// <summary>One of the sources that <see cref="BrokerProgress.Add"/> makes.</summary>
    /// <param name="broker">What it has in common with others.</param>
    /// <param name="cluster">Its cluster.</param>
    /// <param name="database">Its database.</param>
    /// <param name="firstTicket">Its tickets are this and those after it.</param>
    /// <param name="clock">The time.</param>
    internal LogProgress(BrokerProgress broker, string cluster, string database, long firstTicket, TimeProvider clock)
    {
        (_broker, _cluster, _database, _clock, _gate) = (broker, cluster, database, clock, broker.Gate);
        _first = _next = _appliedTicket = firstTicket;
        Source = $"{cluster}/{database}";
    }

    /// <summary>Names the source: <c>cluster/database</c>.</summary>
    public string Source { get; }

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

    /// <summary>Every ticket before this one is delivered completely.</summary>
    public long DeliveredTicket
    {
        get { lock (_gate) return _first; }
    }

    /// <summary>Every ticket before this one is applied completely.</summary>
    public long AppliedTicket
    {
        get { lock (_gate) return _appliedTicket; }
    }

    /// <summary>Position up to which every change has arrived where it may be confirmed.</summary>
    public ulong DurableLsn(ConfirmAfter after) => after == ConfirmAfter.WarehouseCommit ? AppliedLsn : DeliveredLsn;

    /// <summary>Every ticket before this one has arrived completely where it may be confirmed.</summary>
    public long DurableTicket(ConfirmAfter after) => after == ConfirmAfter.WarehouseCommit ? AppliedTicket : DeliveredTicket;

    /// <summary>Bytes of events sent that the warehouse has not committed, of all sources.</summary>
    public long UnappliedBytes => _broker.UnappliedBytes;

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
                var end = Math.Max(offset, leftover.GetValueOrDefault(partition));
                ref var own = ref EndOf(_broker.SlotOf(partition, end));
                own = Math.Max(own, end);
            }

            _beganAt = _clock.GetUtcNow();
            for (; _first < _next; _first++) TransactionTrace.Fail(At(_first).TakeSpan(), "The log is read from anew; the transaction is sent again.");
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
            _broker.Sent(topic, bytes);
        }
    }

    /// <summary>The transaction's commit has been read: it is complete.</summary>
    /// <param name="ticket">The transaction's.</param>
    /// <param name="endLsn">Position behind the commit.</param>
    /// <param name="span">Ends when the broker has all of the transaction; null when it is not traced.</param>
    public void Commit(long ticket, ulong endLsn, Activity? span = null)
    {
        lock (_gate)
        {
            ref var transaction = ref At(ticket);
            (transaction.EndLsn, transaction.Span) = (endLsn, span);
            if (transaction.Undelivered == 0) transaction.TakeSpan()?.Stop();
            _capturedLsn = endLsn;
            if (ticket == _first) Advance();
        }
    }

    /// <summary>The server has sent everything up to this position, and nothing of it is on its way.</summary>
    public void Idle(ulong lsn)
    {
        lock (_gate)
        {
            if (_first < _next || _broker.Failure is not null) return;
            var before = (_deliveredLsn, _appliedLsn);
            _deliveredLsn = Math.Max(_deliveredLsn, lsn);
            // Said again and again, so that it counts also when the last time something was still to be applied.
            if (_marks.Count == 0) _appliedLsn = Math.Max(_appliedLsn, lsn);
            if ((_deliveredLsn, _appliedLsn) != before) _broker.Announce();
        }
    }

    /// <summary>What the broker has of this source at this moment.</summary>
    public PositionMark DeliveredMark()
    {
        lock (_gate)
        {
            var ends = new Dictionary<TopicPartition, long>();
            for (var i = 0; i < _ends.Length; i++)
            {
                if (_ends[i] > 0) ends[_broker.Partitions[i]] = _ends[i];
            }

            return new(_cluster, _database, _deliveredLsn, ends);
        }
    }

    /// <summary>One more producer sends, until what is returned is disposed.</summary>
    public IDisposable BulkProducer() => _broker.BulkProducer();

    /// <summary>Waits until the broker has everything up to a position.</summary>
    public Task WaitForDeliveredAsync(ulong lsn, CancellationToken cancellationToken) => _broker.WaitAsync(() => _deliveredLsn >= lsn, cancellationToken);

    /// <summary>Waits until the broker has everything that was sent with a ticket and with those before it.</summary>
    public Task WaitForTicketAsync(long ticket, CancellationToken cancellationToken) => _broker.WaitAsync(() => _first > ticket, cancellationToken);

    /// <summary>Waits until no more than so many bytes are sent and not applied.</summary>
    public Task WaitForUnappliedAsync(long bytes, CancellationToken cancellationToken) => _broker.WaitForUnappliedAsync(bytes, cancellationToken);

    /// <summary>Waits until the warehouse has everything up to a position; false when that takes longer than allowed.</summary>
    public async Task<bool> WaitForAppliedAsync(ulong lsn, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(longest);
        try
        {
            await _broker.WaitAsync(() => _appliedLsn >= lsn, patience.Token);
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
                _capturedLsn, _deliveredLsn, _appliedLsn, _captured, _broker.AppliedEvents, (int)(_next - _first) + _marks.Sum(mark => mark.Transactions),
                OldestAge(), UnappliedBytes, _broker.Latency.Percentile(0.50), _broker.Latency.Percentile(0.99), _broker.Failure);
        }
    }

    /// <summary>The broker has an event of this source.</summary>
    /// <param name="ticket">What it was sent with.</param>
    /// <param name="slot">Its partition's place; negative when the warehouse does not read it.</param>
    /// <param name="offset">Its offset.</param>
    internal void Delivered(long ticket, int slot, long offset)
    {
        if (slot >= 0) EndOf(slot) = Math.Max(EndOf(slot), offset + 1);
        // What was under way when the log was last read from anew counts no more.
        if (ticket < _first) return;
        ref var transaction = ref At(ticket);
        transaction.Undelivered--;
        if (transaction.Undelivered > 0) return;
        transaction.TakeSpan()?.Stop();
        if (ticket == _first) Advance();
    }

    /// <summary>Goes on as far as the broker and the warehouse have come.</summary>
    internal void Advance()
    {
        if (_broker.Failure is not null) return;
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
            _appliedTicket = mark.Ticket;
            // What was committed while nobody captured was late for that reason.
            if (mark.OldestMicros > 0 && DateTimeOffset.UnixEpoch.AddTicks(mark.OldestMicros * TimeSpan.TicksPerMicrosecond) >= _beganAt) _broker.Latency.Add(AgeOf(mark.OldestMicros));
            _marks.Dequeue();
        }

        if (moved || _appliedLsn != before) _broker.Announce();
    }

    private double OldestAge()
    {
        var oldest = _marks.TryPeek(out var applying) && applying.OldestMicros > 0 ? applying.OldestMicros : _first < _next ? At(_first).CommittedMicros : 0;
        return oldest == 0 ? 0 : Math.Max(0, AgeOf(oldest));
    }

    private double AgeOf(long micros) => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds - (micros / 1000.0);

    private void AddMark(int transactions, long oldestMicros)
    {
        var now = _clock.GetTimestamp();
        if (_newest is null || _newest.Ends.Length != _ends.Length || !_marks.TryPeek(out _) || _clock.GetElapsedTime(_newest.At, now) > BetweenMarks)
        {
            _newest = new Mark { At = now, Ends = new long[_ends.Length] };
            _marks.Enqueue(_newest);
        }

        _newest.Lsn = _deliveredLsn;
        _newest.Ticket = _first;
        _newest.Transactions += transactions;
        if (_newest.OldestMicros == 0) _newest.OldestMicros = oldestMicros;
        _ends.CopyTo(_newest.Ends, 0);
    }

    private bool IsReached(Mark mark)
    {
        for (var i = 0; i < mark.Ends.Length; i++)
        {
            if (_broker.AppliedOffsets[i] < mark.Ends[i]) return false;
        }

        return true;
    }

    private ref long EndOf(int slot)
    {
        if (slot >= _ends.Length) Array.Resize(ref _ends, _broker.Partitions.Length);
        return ref _ends[slot];
    }

    private ref TransactionProgress At(long ticket) => ref _underWay[ticket & (_underWay.Length - 1)];

    private void Grow()
    {
        var larger = new TransactionProgress[_underWay.Length * 2];
        for (var ticket = _first; ticket < _next; ticket++) larger[ticket & (larger.Length - 1)] = At(ticket);
        _underWay = larger;
    }

    // How far one transaction's events have come.
    private struct TransactionProgress
    {
        // Position after the commit: 0 until the commit has been read.
        public ulong EndLsn;
        public long CommittedMicros;
        public int Undelivered;
        public bool HasEvents;
        // Null until the commit has been read, and for a transaction that is not traced.
        public Activity? Span;

        public Activity? TakeSpan()
        {
            var span = Span;
            Span = null;
            return span;
        }
    }

    // The warehouse has everything up to Lsn once it has read the partitions up to Ends.
    private sealed class Mark
    {
        public ulong Lsn;
        public long Ticket;
        public required long At;
        public required long[] Ends;
        public int Transactions;
        public long OldestMicros;
    }
}
