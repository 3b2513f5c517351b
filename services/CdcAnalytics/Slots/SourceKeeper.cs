using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Snapshots;

namespace Platform.CdcAnalytics.Slots;

/// <summary>Holds the source's state, and stores it whenever what must be remembered has changed.</summary>
internal sealed class SourceKeeper(
    SourceStateFile file, SnapshotControl snapshots, SnapshotAnnouncer announcer, LogProgress progress, TimeProvider clock, ILogger<SourceKeeper> logger)
{
    // How far ahead of the log positions are reserved.
    private const ulong ReservedAhead = 64 << 20;

    private readonly Lock _gate = new();
    private SourceState? _state;
    private ulong _reserved;
    private ulong _beganAt;

    /// <summary>What was stored by this process or one before it; null at the very first start.</summary>
    public SourceState? Load()
    {
        lock (_gate)
        {
            _state = file.Load();
            _reserved = _state?.ReservedLsn ?? 0;
            snapshots.Restore(_state?.Snapshots ?? []);
            return _state;
        }
    }

    /// <summary>The timeline that is read; null before the first start.</summary>
    public uint? Timeline
    {
        get { lock (_gate) return _state?.Timeline; }
    }

    /// <summary>Where this process has begun anew with another slot; 0 when it has not. Of the time before, the warehouse may lack what the slot's snapshot has brought.</summary>
    public ulong BeganAt
    {
        get { lock (_gate) return _beganAt; }
    }

    /// <summary>Begins anew with another slot.</summary>
    public void Begin(SourceState state)
    {
        lock (_gate)
        {
            _state = state;
            _reserved = state.ReservedLsn;
            _beganAt = state.ConfirmedLsn;
            snapshots.Restore(state.Snapshots);
            Save();
        }
    }

    /// <summary>The slot's snapshot has been sent: from now on the log is read.</summary>
    public void Streaming()
    {
        lock (_gate)
        {
            _state!.IsStreaming = true;
            Save();
        }
    }

    /// <summary>A snapshot was ordered, held or ended.</summary>
    public void SnapshotsChanged()
    {
        lock (_gate)
        {
            if (_state is not null) Save();
        }
    }

    /// <summary>A change at this position is about to be sent.</summary>
    public void Reserve(ulong lsn)
    {
        if (lsn <= Volatile.Read(ref _reserved)) return;
        lock (_gate)
        {
            if (_state is null) return;
            _state.ReservedLsn = lsn + ReservedAhead;
            Save();
            Volatile.Write(ref _reserved, _state.ReservedLsn);
        }
    }

    /// <summary>Postgres is about to be told that it may forget the log up to here.</summary>
    public void Confirming(ulong lsn)
    {
        lock (_gate)
        {
            _state!.ConfirmedLsn = Math.Max(_state.ConfirmedLsn, lsn);
            Save();
        }
    }

    /// <summary>Notes what of the snapshots is durable, and tells the warehouse of those that are complete.</summary>
    public async Task SettleAsync(long durableTicket, CancellationToken cancellationToken)
    {
        var (settled, ended) = snapshots.Settle(durableTicket, clock.GetUtcNow());
        if (!settled) return;
        foreach (var run in ended)
        {
            // Told before it is stored as complete: after a crash between the two it is told again, which changes nothing.
            if (run.Reconciles) await announcer.TellAsync(run, progress.DeliveredMark(), cancellationToken);
            logger.SnapshotDone(run.Id, run.Parts.Sum(part => part.Rows), (clock.GetUtcNow() - run.StartedAt).TotalSeconds);
        }

        SnapshotsChanged();
    }

    private void Save()
    {
        _state!.Snapshots.Clear();
        _state.Snapshots.AddRange(snapshots.All);
        file.Save(_state);
    }
}
