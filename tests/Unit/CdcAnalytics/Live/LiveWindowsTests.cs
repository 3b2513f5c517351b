using Platform.CdcAnalytics.Live;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Live;

public sealed class LiveWindowsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10), Lateness = TimeSpan.FromSeconds(5);

    private readonly LiveWindows _windows = new(Lateness, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(6));

    [Fact]
    public void A_sliding_window_has_the_events_of_its_length_by_their_own_time_whenever_they_came()
    {
        Add(second: 3, now: 3);
        Add(second: 1, now: 3);
        Add(second: 9, now: 9);
        Assert.Equal(3, Sliding(now: 9).Count);
        Assert.Equal(2, Sliding(now: 11).Count);
        Assert.Equal(1, Sliding(now: 13).Count);
        Assert.Equal(0, Sliding(now: 19).Count);
    }

    [Fact]
    public void A_tumbling_window_is_aligned_to_the_clock_and_final_once_the_watermark_has_passed_it()
    {
        Add(second: 9, now: 9);
        Add(second: 10, now: 10);
        var first = _windows.Between("requests", null, Noon, Noon + TenSeconds, At(11));
        Assert.Equal((1, false), (first.Count, first.IsFinal));
        Assert.Equal((1, Noon + TenSeconds), (Tumbling(now: 11).Count, Tumbling(now: 11).Start));
        Add(second: 16, now: 16);
        Assert.True(_windows.Between("requests", null, Noon, Noon + TenSeconds, At(16)).IsFinal);
    }

    [Fact]
    public void The_slowest_partition_keeps_windows_open_until_it_has_been_silent_for_a_while()
    {
        for (var second = 1; second <= 5; second++)
        {
            Add(second: 1, now: second, partition: 0);
            Add(second, now: second, partition: 1);
        }

        Assert.Equal(At(1) - Lateness, _windows.WatermarkAt(At(5)));
        Add(second: 8, now: 8, partition: 1);
        Assert.Equal(At(8) - Lateness, _windows.WatermarkAt(At(8)));
    }

    [Fact]
    public void Without_any_events_the_clock_closes_windows()
    {
        Add(second: 1, now: 1);
        Assert.True(_windows.Between("requests", null, Noon, Noon + TenSeconds, At(18)).IsFinal);
    }

    [Fact]
    public void A_late_event_is_counted_as_late_and_is_in_the_windows_that_are_still_open()
    {
        Add(second: 60, now: 60);
        Assert.False(_windows.Add("topic", 0, [new("requests", "jane", At(30), 1)], At(60)));
        Assert.Equal(2, _windows.Open("requests", "jane", TimeSpan.FromMinutes(5), WindowKind.Tumbling, At(61)).Count);
        Assert.Equal((1, 1), (_windows.Late, Sliding(now: 61).Late));
        // Older than anything that is kept.
        Assert.False(_windows.Add("topic", 0, [new("requests", "jane", At(-400), 1)], At(60)));
        Assert.Equal(2, _windows.Late);
    }

    [Fact]
    public void A_clock_that_is_ahead_does_not_close_the_windows_of_others()
    {
        _windows.Add("topic", 0, [new("requests", "jane", At(3600), 1)], At(10));
        Assert.True(_windows.Add("topic", 0, [new("requests", "jane", At(9), 1)], At(10)));
        Assert.Equal(0, _windows.Late);
    }

    [Fact]
    public void Each_tenant_has_its_own_windows_and_all_of_them_are_in_the_platforms()
    {
        Add(second: 1, now: 1, tenant: "jane");
        Add(second: 1, now: 1, tenant: "steve");
        Add(second: 1, now: 1, tenant: null);
        Assert.Equal(1, Sliding(now: 2, "jane").Count);
        Assert.Equal(3, Sliding(now: 2, tenant: null).Count);
    }

    [Fact]
    public void Weights_count_as_many_requests_and_failures_and_weigh_in_percentiles()
    {
        _windows.Add("topic", 0, [new("requests", "jane", At(1), 16, Errors: 16, Duration: 100)], At(1));
        for (var i = 0; i < 4; i++) _windows.Add("topic", 0, [new("requests", "jane", At(1), 1, Duration: 1)], At(1));
        var window = Sliding(now: 2);
        Assert.Equal((20, 16), (window.Count, window.Errors));
        Assert.InRange(window.P95!.Value, 98, 102);
    }

    [Fact]
    public void A_percentile_of_added_sketches_is_within_two_percent_of_the_exact_one()
    {
        var random = new Random(7);
        var (sum, all) = (new DurationSketch(), new List<double>());
        for (var part = 0; part < 60; part++)
        {
            var sketch = new DurationSketch();
            for (var i = 0; i < 200; i++)
            {
                var value = Math.Exp((random.NextDouble() * 8) - 1);
                sketch.Add(value);
                all.Add(value);
            }

            sum.Add(sketch);
        }

        all.Sort();
        foreach (var fraction in new[] { 0.5, 0.95, 0.99 })
        {
            var exact = all[(int)Math.Ceiling(fraction * all.Count) - 1];
            Assert.InRange(sum.Percentile(fraction)!.Value, exact * 0.979, exact * 1.021);
        }

        Assert.Null(new DurationSketch().Percentile(0.95));
    }

    private static DateTimeOffset At(double second) => Noon.AddSeconds(second);

    private void Add(double second, double now, string? tenant = "jane", int partition = 0) =>
        _windows.Add("topic", partition, [new("requests", tenant, At(second), 1)], At(now));

    private LiveWindow Sliding(double now, string? tenant = "jane") => _windows.Open("requests", tenant, TenSeconds, WindowKind.Sliding, At(now));

    private LiveWindow Tumbling(double now) => _windows.Open("requests", null, TenSeconds, WindowKind.Tumbling, At(now));
}
