using Confluent.Kafka;
using Platform.Changes;

namespace Platform.CdcAnalytics.Pipeline;

/// <summary>
/// Follows every transaction from the log through the broker into the warehouse, in commit order, so that two questions have exact
/// answers: up to which position has the broker everything, and up to which has the warehouse. Thread-safe.
/// </summary>
internal sealed class LogProgress(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Queue<TransactionProgress> _toDeliver = new();
    private readonly Queue<TransactionProgress> _toApply = new();
    private readonly Dictionary<TopicPartition, long> _applied = [], _delivered = [];
    private readonly LatencyWindow _latency = new();
    private TaskCompletionSource _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _beganAt;
    private ulong _deliveredLsn, _appliedLsn, _capturedLsn;
    private long _captured, _appliedEvents;
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

    /// <summary>
    /// Begins with what earlier runs left in the broker: until the warehouse has applied it, nothing counts as applied.
    /// </summary>
    /// <param name="begin">The first offset of each partition that counts.</param>
    /// <param name="leftover">The offset after the last such event of each partition.</param>
    /// <param name="confirmedLsn">Position from which the log is read.</param>
    public void Begin(
        IReadOnlyDictionary<TopicPartition, long> begin, IReadOnlyDictionary<TopicPartition, long> leftover, ulong confirmedLsn)
    {
        var before = new TransactionProgress { EndLsn = confirmedLsn };
        foreach (var (partition, end) in leftover.Where(l => l.Value > 0)) before.Offsets[partition] = end - 1;
        lock (_gate)
        {
            foreach (var (partition, offset) in begin) _delivered.TryAdd(partition, Math.Max(offset, leftover.GetValueOrDefault(partition)) - 1);
            _beganAt = clock.GetUtcNow();
            _toDeliver.Clear();
            _toApply.Clear();
            _toDeliver.Enqueue(before);
            Advance();
        }
    }

    /// <summary>A transaction's first message has been read from the log.</summary>
    public TransactionProgress BeginTransaction(DateTimeOffset committedAt)
    {
        var transaction = new TransactionProgress { CommittedAt = committedAt };
        lock (_gate) _toDeliver.Enqueue(transaction);
        return transaction;
    }

    /// <summary>An event of the transaction goes to the broker.</summary>
    public void Sent(TransactionProgress transaction)
    {
        lock (_gate)
        {
            transaction.Undelivered++;
            _captured++;
        }
    }

    /// <summary>The transaction's commit has been read: it is complete.</summary>
    public void Commit(TransactionProgress transaction, ulong endLsn)
    {
        lock (_gate)
        {
            transaction.EndLsn = endLsn;
            _capturedLsn = endLsn;
            Advance();
        }
    }

    /// <summary>The broker has acknowledged an event.</summary>
    public void Delivered(TransactionProgress transaction, TopicPartitionOffset at)
    {
        lock (_gate)
        {
            // Offsets only grow; where they do not, the broker was emptied, and "applied up to here" says nothing about what it has now.
            if (at.Offset.Value <= _delivered.GetValueOrDefault(at.TopicPartition, -1)) Fail($"The broker gives offset {at.Offset} of {at.TopicPartition} again: it has lost its topics.");
            _delivered[at.TopicPartition] = at.Offset.Value;
            transaction.Undelivered--;
            if (at.Offset.Value > transaction.Offsets.GetValueOrDefault(at.TopicPartition, -1)) transaction.Offsets[at.TopicPartition] = at.Offset.Value;
            if (transaction.Undelivered == 0) Advance();
        }
    }

    /// <summary>The warehouse has committed the events before these offsets.</summary>
    /// <param name="next">The next offset of each partition.</param>
    /// <param name="events">How many events were new.</param>
    public void Applied(IEnumerable<TopicPartitionOffset> next, int events)
    {
        lock (_gate)
        {
            _appliedEvents += events;
            foreach (var partition in next) _applied[partition.TopicPartition] = partition.Offset.Value;
            Advance();
        }
    }

    /// <summary>The server has sent everything up to this position, and nothing of it is on its way.</summary>
    public void Idle(ulong lsn)
    {
        lock (_gate)
        {
            if (_toDeliver.Count > 0 || _failure is not null) return;
            if (lsn > _deliveredLsn) Announce();
            _deliveredLsn = Math.Max(_deliveredLsn, lsn);
            if (_toApply.Count == 0) _appliedLsn = Math.Max(_appliedLsn, lsn);
        }
    }

    /// <summary>Something was lost that only a new reading of the log brings back.</summary>
    public void Fail(string reason) => Interlocked.CompareExchange(ref _failure, reason, null);

    /// <summary>What the broker has at this moment.</summary>
    public PositionMark DeliveredMark()
    {
        lock (_gate) return new(_deliveredLsn, _delivered.Where(d => d.Value >= 0).ToDictionary(d => d.Key, d => d.Value + 1));
    }

    /// <summary>Waits until the broker has everything up to a position.</summary>
    public Task WaitForDeliveredAsync(ulong lsn, CancellationToken cancellationToken) => WaitAsync(() => _deliveredLsn >= lsn, cancellationToken);

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
                _capturedLsn, _deliveredLsn, _appliedLsn, _captured, _appliedEvents, _toDeliver.Count + _toApply.Count,
                OldestAge(), _latency.Percentile(0.50), _latency.Percentile(0.99), _failure);
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
        var oldest = _toApply.TryPeek(out var applying) ? applying : _toDeliver.TryPeek(out var delivering) ? delivering : null;
        return oldest is null || oldest.CommittedAt == default ? 0 : Math.Max(0, (clock.GetUtcNow() - oldest.CommittedAt).TotalMilliseconds);
    }

    private void Advance()
    {
        if (_failure is not null) return;
        var advanced = false;
        while (_toDeliver.TryPeek(out var first) && first is { Undelivered: 0, EndLsn: > 0 })
        {
            advanced = true;
            _deliveredLsn = Math.Max(_deliveredLsn, first.EndLsn);
            _toApply.Enqueue(_toDeliver.Dequeue());
        }

        while (_toApply.TryPeek(out var first) && first.Offsets.All(o => _applied.GetValueOrDefault(o.Key, -1) > o.Value))
        {
            _appliedLsn = Math.Max(_appliedLsn, first.EndLsn);
            // What was committed while nobody captured was late for that reason.
            if (first.Offsets.Count > 0 && first.CommittedAt >= _beganAt) _latency.Add((clock.GetUtcNow() - first.CommittedAt).TotalMilliseconds);
            _toApply.Dequeue();
            advanced = true;
        }

        if (advanced) Announce();
    }

    private void Announce()
    {
        _advanced.SetResult();
        _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
