namespace Platform.CdcAnalytics.Live;

/// <summary>
/// Up to when events are complete, by their own time: the slowest partition's newest event less the allowed lateness, as in the Dataflow model
/// (Akidau et al., 2015). A partition in which nothing comes does not hold it up: after a while of silence the clock counts in its place. It never goes back. Not thread-safe.
/// </summary>
/// <param name="lateness">How much later than its successors an event may come and still count.</param>
/// <param name="idle">How long a partition may be silent before the others go on without it.</param>
internal sealed class Watermark(TimeSpan lateness, TimeSpan idle)
{
    private readonly Dictionary<(string Topic, int Partition), (DateTimeOffset Newest, DateTimeOffset At)> _partitions = [];
    private DateTimeOffset _current = DateTimeOffset.MinValue;

    /// <summary>An event of a partition.</summary>
    /// <param name="topic">The partition's topic.</param>
    /// <param name="partition">Its number.</param>
    /// <param name="time">The event's time.</param>
    /// <param name="now">When it was read.</param>
    public void Saw(string topic, int partition, DateTimeOffset time, DateTimeOffset now)
    {
        // A clock that is ahead must not close windows for the others.
        if (time > now) time = now;
        var newest = _partitions.TryGetValue((topic, partition), out var known) && known.Newest > time ? known.Newest : time;
        _partitions[(topic, partition)] = (newest, now);
    }

    /// <summary>The watermark: what is older comes late.</summary>
    public DateTimeOffset At(DateTimeOffset now)
    {
        var complete = now - idle;
        var slowest = now;
        var isAnyActive = false;
        foreach (var (newest, at) in _partitions.Values)
        {
            if (now - at > idle) continue;
            isAnyActive = true;
            if (newest < slowest) slowest = newest;
        }

        var candidate = (isAnyActive ? slowest : complete) - lateness;
        if (candidate > _current) _current = candidate;
        return _current;
    }
}
