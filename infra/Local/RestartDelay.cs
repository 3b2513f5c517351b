namespace Platform.Local;

/// <summary>
/// Waits between restarts: half a second, doubled each time up to 30 s, and from the start again after a run of a minute.
/// </summary>
public sealed class RestartDelay(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongRun = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;
    private long _started;

    /// <summary>Marks the start of a run.</summary>
    public void Begin() => _started = time.GetTimestamp();

    /// <summary>The wait after the run that just ended.</summary>
    public TimeSpan Next()
    {
        if (time.GetElapsedTime(_started) > LongRun) _next = First;
        var wait = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }
}
