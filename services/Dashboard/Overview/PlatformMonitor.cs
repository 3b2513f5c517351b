namespace Platform.Dashboard.Overview;

/// <summary>
/// Keeps <see cref="State"/> current while somebody watches, however many do. When nobody does, nothing is asked.
/// </summary>
internal sealed class PlatformMonitor(PlatformReader reader, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private PlatformState _state = new();
    private Action? _changed;

    /// <summary>The platform when it was last asked.</summary>
    public PlatformState State => Volatile.Read(ref _state);

    /// <summary>Calls <paramref name="changed"/> after every change, until the result is disposed.</summary>
    public IDisposable Watch(Action changed)
    {
        _changed += changed;
        if (_wake.CurrentCount == 0) _wake.Release();
        return new Watcher(this, changed);
    }

    /// <summary>A state that is not older than a moment, for a page that is opened.</summary>
    public async Task<PlatformState> FreshAsync(CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() - State.At > Interval * 2) await ReadAsync(cancellationToken);
        return State;
    }

    public override void Dispose()
    {
        base.Dispose();
        _reading.Dispose();
        _wake.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_changed is null)
            {
                await _wake.WaitAsync(stoppingToken);
                continue;
            }

            await ReadAsync(stoppingToken);
            _changed?.Invoke();
            await Task.Delay(Interval, clock, stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            Volatile.Write(ref _state, await reader.ReadAsync(State, cancellationToken));
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed class Watcher(PlatformMonitor monitor, Action changed) : IDisposable
    {
        public void Dispose() => monitor._changed -= changed;
    }
}
