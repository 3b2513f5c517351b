namespace Platform.Native.Processes;

/// <summary>
/// Waits between restarts: half a second, doubled each time up to 30 s, and from the start again after a minute of peace.
/// </summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Peace = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;
    private long _started;

    /// <summary>Notes that an attempt begins.</summary>
    public void Begin() => _started = time.GetTimestamp();

    /// <summary>How long to wait after the attempt that just ended.</summary>
    public TimeSpan Next()
    {
        if (time.GetElapsedTime(_started) > Peace) _next = First;
        var wait = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }
}
