namespace Platform.CdcAnalytics.Live;

/// <summary>
/// The recent past of every metric and tenant, second by second. A window of any length, sliding or tumbling, is the sum of its seconds (panes:
/// Li et al., "No pane, no gain", 2005), so an event is stored once whichever windows it belongs to. Thread-safe.
/// </summary>
/// <param name="lateness">How much later than its successors an event may come and still count.</param>
/// <param name="idle">How long a partition may be silent before windows close without it.</param>
/// <param name="kept">How much of the past is kept: the longest window and what may come late.</param>
internal sealed class LiveWindows(TimeSpan lateness, TimeSpan idle, TimeSpan kept)
{
    private readonly Lock _gate = new();
    private readonly Watermark _watermark = new(lateness, idle);
    private readonly Dictionary<(string Metric, string? Tenant), Series> _series = [];
    private long _late;
    private long _prunedTo;

    /// <summary>Events that came after the watermark had passed them: windows that had closed by then are without them.</summary>
    public long Late => Interlocked.Read(ref _late);

    /// <summary>Adds an event to its tenant's and to all tenants' windows.</summary>
    /// <param name="topic">Where it came from.</param>
    /// <param name="partition">The partition of it.</param>
    /// <param name="added">What it adds to each of its metrics.</param>
    /// <param name="now">When it was read.</param>
    /// <returns>False when the watermark had passed it: windows that are still open have it, those that have closed do not.</returns>
    public bool Add(string topic, int partition, IReadOnlyList<Measurement> added, DateTimeOffset now)
    {
        if (added.Count == 0) return true;
        lock (_gate)
        {
            var time = added[0].Time;
            var isLate = time < _watermark.At(now);
            _watermark.Saw(topic, partition, time, now);
            foreach (var measurement in added)
            {
                Add(measurement, isLate, now, measurement.Tenant);
                if (measurement.Tenant is not null) Add(measurement, isLate, now, tenant: null);
            }

            if (isLate) _late++;
            return !isLate;
        }
    }

    /// <summary>A metric and tenant that are known from before: what does not happen is then a zero, and not nothing.</summary>
    public void Know(string metric, string? tenant)
    {
        lock (_gate) SeriesOf(metric, tenant);
    }

    /// <summary>The watermark: what is older comes late.</summary>
    public DateTimeOffset WatermarkAt(DateTimeOffset now)
    {
        lock (_gate) return _watermark.At(now);
    }

    /// <summary>
    /// The window that is open now: of sliding ones the one that ends with this second, of tumbling ones the one that this second is in.
    /// </summary>
    public LiveWindow Open(string metric, string? tenant, TimeSpan length, WindowKind kind, DateTimeOffset now)
    {
        var (second, size) = (SecondOf(now), (long)length.TotalSeconds);
        var start = kind == WindowKind.Sliding ? second + 1 - size : second - (second % size);
        return Read(metric, tenant, start, start + size, now);
    }

    /// <summary>The window between two moments.</summary>
    public LiveWindow Between(string metric, string? tenant, DateTimeOffset start, DateTimeOffset end, DateTimeOffset now) =>
        Read(metric, tenant, SecondOf(start), SecondOf(end), now);

    /// <summary>The tenants that a metric has seen, and null for all of them together.</summary>
    public IReadOnlyList<(string Metric, string? Tenant)> Known()
    {
        lock (_gate) return [.. _series.Keys];
    }

    private void Add(in Measurement measurement, bool isLate, DateTimeOffset now, string? tenant)
    {
        var series = SeriesOf(measurement.Metric, tenant);
        if (isLate) series.Late++;
        if (measurement.Time <= now - kept) return;

        var second = SecondOf(measurement.Time);
        if (!series.Panes.TryGetValue(second, out var pane)) series.Panes[second] = pane = new();
        pane.Add(measurement);
    }

    private LiveWindow Read(string metric, string? tenant, long start, long end, DateTimeOffset now)
    {
        lock (_gate)
        {
            Prune(now);
            var (sum, late) = (new Pane(), 0L);
            if (_series.TryGetValue((metric, tenant), out var series))
            {
                late = series.Late;
                foreach (var (second, pane) in series.Panes)
                {
                    if (second >= start && second < end) sum.Add(pane);
                }
            }

            var until = DateTimeOffset.FromUnixTimeSeconds(end);
            return new(
                metric, tenant, DateTimeOffset.FromUnixTimeSeconds(start), until, _watermark.At(now) >= until, sum.Count, sum.Amount, sum.Errors, sum.P95, late);
        }
    }

    private Series SeriesOf(string metric, string? tenant)
    {
        if (!_series.TryGetValue((metric, tenant), out var series)) _series[(metric, tenant)] = series = new();
        return series;
    }

    private void Prune(DateTimeOffset now)
    {
        var oldest = SecondOf(now - kept);
        if (oldest - _prunedTo < 5) return;
        _prunedTo = oldest;
        foreach (var series in _series.Values)
        {
            foreach (var second in series.Panes.Keys.Where(second => second < oldest).ToList()) series.Panes.Remove(second);
        }
    }

    private static long SecondOf(DateTimeOffset time) => time.ToUnixTimeSeconds();

    private sealed class Series
    {
        public Dictionary<long, Pane> Panes { get; } = [];

        public long Late { get; set; }
    }
}
