using Platform.Dashboard.Charts;

namespace Platform.Dashboard.Overview;

/// <summary>How the figures moved while somebody watched; a value for each time that the platform was asked.</summary>
public sealed record Trends
{
    // Rates are taken over some seconds, for requests come in clumps.
    private const int Window = 5;

    private IReadOnlyList<Counts> _counts = [];

    /// <summary>Requests for tenants' data, a second.</summary>
    public History Requests { get; private init; } = History.Empty;

    /// <summary>Changes that reached the warehouse, a second.</summary>
    public History Changes { get; private init; } = History.Empty;

    /// <summary>Median time from commit to warehouse in milliseconds.</summary>
    public History Latency { get; private init; } = History.Empty;

    /// <summary>Share of single-row reads that Postgres was spared, 0 to 1.</summary>
    public History HitRatio { get; private init; } = History.Empty;

    /// <summary>The trends with one more reading.</summary>
    public Trends Next(DateTimeOffset at, IReadOnlyList<NodeReport>? nodes, PipelineReport? pipeline)
    {
        var now = Counts.Of(at, nodes ?? [], pipeline);
        var next = this with
        {
            _counts = [.. _counts.TakeLast(Window), now],
            Latency = pipeline?.LatencyP50 is { } latency ? Latency.With(latency) : Latency,
        };
        // The first answer is a beginning, not a rate; so is the one after a pause in which nobody watched.
        if (_counts is not [var before, ..] || at - before.At is not { TotalSeconds: > 0 and < 60 and var seconds }) return next;
        var reads = now.Reads - before.Reads;
        return next with
        {
            Requests = Requests.With(Grown(before.Requests, now.Requests) / seconds),
            Changes = Changes.With(Grown(before.Changes, now.Changes) / seconds),
            HitRatio = reads > 0 ? HitRatio.With(Math.Clamp((double)(now.Hits - before.Hits) / reads, 0, 1)) : HitRatio,
        };
    }

    // A counter that went back belongs to a service that was started again.
    private static double Grown(long before, long now) => Math.Max(0, now - before);

    private sealed record Counts(DateTimeOffset At, long Requests, long Changes, long Hits, long Reads)
    {
        public static Counts Of(DateTimeOffset at, IReadOnlyList<NodeReport> nodes, PipelineReport? pipeline)
        {
            var caches = nodes.Select(node => node.Cache).OfType<CacheReads>().ToList();
            var hits = caches.Sum(cache => cache.MemoryHits + cache.SharedHits);
            return new(at, nodes.Sum(node => node.Requests), pipeline?.AppliedEvents ?? 0, hits, hits + caches.Sum(cache => cache.Misses));
        }
    }
}
