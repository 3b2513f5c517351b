namespace Platform.CdcAnalytics.Capture;

/// <summary>Whether a source is being read; and the orders to hold it, to let it go on and to start over. Thread-safe.</summary>
internal sealed class CaptureState : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _pausing = new();
    private TaskCompletionSource? _paused;

    /// <summary>What keeps it from reading, or null.</summary>
    public string? Trouble { get; private set; } = "Capture has not begun yet.";

    /// <summary>One word for what it does: starting, snapshot, streaming, interrupted, paused, off.</summary>
    public string Activity { get; private set; } = "starting";

    /// <summary>True after the order to start over although changes were lost.</summary>
    public bool MayStartOver { get; private set; }

    /// <summary>Cancelled when capture is to be held.</summary>
    public CancellationToken Pausing
    {
        get { lock (_gate) return _pausing.Token; }
    }

    /// <summary>Somebody else captures.</summary>
    public void Off() => Set("off", null);

    public void Streaming() => Set("streaming", null);

    public void Snapshotting() => Set("snapshot", null);

    public void Interrupted(string reason) => Set("interrupted", reason);

    /// <summary>Holds capture; the slot keeps the log meanwhile.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            if (_paused is not null) return;
            _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _pausing.Cancel();
            (Activity, Trouble) = ("paused", null);
        }
    }

    /// <summary>Lets it go on.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            if (_paused is null) return;
            _pausing.Dispose();
            _pausing = new();
            _paused.SetResult();
            _paused = null;
            Activity = "starting";
        }
    }

    /// <summary>Allows to start over although changes were lost, and does it at once if they were.</summary>
    public void StartOver()
    {
        MayStartOver = true;
        Pause();
        Resume();
    }

    /// <summary>Returns when capture is not held.</summary>
    public Task RunningAsync(CancellationToken cancellationToken)
    {
        Task? paused;
        lock (_gate) paused = _paused?.Task;
        return paused?.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }

    public void Dispose() => _pausing.Dispose();

    private void Set(string activity, string? trouble)
    {
        lock (_gate)
        {
            if (_paused is not null) return;
            (Activity, Trouble) = (activity, trouble);
            if (activity == "streaming") MayStartOver = false;
        }
    }
}
