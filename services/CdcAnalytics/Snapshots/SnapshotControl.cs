namespace Platform.CdcAnalytics.Snapshots;

/// <summary>The snapshots that are ordered, go on or have ended; and the orders to hold or end one. Thread-safe.</summary>
internal sealed class SnapshotControl
{
    // Ended snapshots that are remembered.
    private const int Remembered = 20;

    private readonly Lock _gate = new();
    private List<SnapshotRun> _runs = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All of them, the newest last.</summary>
    public IReadOnlyList<SnapshotRun> All
    {
        get { lock (_gate) return [.. _runs]; }
    }

    /// <summary>Takes over what an earlier process has stored.</summary>
    public void Restore(IEnumerable<SnapshotRun> runs) => Change(() => _runs = [.. runs]);

    /// <summary>Orders a snapshot that is read while changes go on.</summary>
    public void Order(SnapshotRun run) => Change(() =>
    {
        _runs.Add(run);
        foreach (var old in _runs.Where(r => r.Status.IsOver()).SkipLast(Remembered).ToList()) _runs.Remove(old);
    });

    /// <summary>Holds a snapshot, lets it go on, or ends it; false when there is none of that name that this could be done with.</summary>
    public bool Set(string id, SnapshotStatus status)
    {
        var isSet = false;
        Change(() =>
        {
            if (_runs.Find(run => run.Id == id) is not { } run || run.Status.IsOver()) return;
            run.Status = status;
            isSet = true;
        });
        return isSet;
    }

    /// <summary>Ends a snapshot that cannot go on.</summary>
    public void Fail(SnapshotRun run, string reason) => Change(() => (run.Status, run.Problem) = (SnapshotStatus.Failed, reason));

    /// <summary>Whether the snapshot is to be read further.</summary>
    public bool MayGoOn(SnapshotRun run)
    {
        lock (_gate) return run.Status == SnapshotStatus.Running;
    }

    /// <summary>Waits for a snapshot of which something is to be read.</summary>
    public async Task<SnapshotRun> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_runs.Find(run => run.Status == SnapshotStatus.Running && !run.IsSent()) is { } next) return next;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes over what is durable by now.</summary>
    /// <param name="durableTicket">Every ticket before it is.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether anything was, and the snapshots that are complete with it.</returns>
    public (bool Settled, IReadOnlyList<SnapshotRun> Ended) Settle(long durableTicket, DateTimeOffset now)
    {
        lock (_gate)
        {
            var settled = false;
            List<SnapshotRun> ended = [];
            foreach (var run in _runs.Where(run => !run.Status.IsOver()))
            {
                settled |= run.Settle(durableTicket);
                if (!run.IsDone()) continue;
                (run.Status, run.EndedAt) = (SnapshotStatus.Done, now);
                ended.Add(run);
                settled = true;
            }

            return (settled, ended);
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
