using Platform.CdcAnalytics.Anomalies;
using Platform.Harness.Synthetic;
using Xunit;

namespace Platform.Unit.CdcAnalytics;

/// <summary>What is injected is found, and little else; the series are seeded, so the figures are the same everywhere.</summary>
public sealed class AnomalyDetectorTests
{
    [Fact]
    public void In_a_busy_series_nearly_everything_is_found_and_nearly_nothing_else() => Check(SyntheticSeries.Requests, recall: 0.98, precision: 0.97, falseAlarmsAWeek: 3);

    [Fact]
    public void In_a_latency_nearly_everything_is_found_and_nearly_nothing_else() => Check(SyntheticSeries.Latency, recall: 0.98, precision: 0.97, falseAlarmsAWeek: 3);

    [Fact]
    public void In_a_small_series_most_is_found_and_nearly_nothing_else() => Check(SyntheticSeries.Orders, recall: 0.75, precision: 0.95, falseAlarmsAWeek: 3);

    [Fact]
    public void A_season_is_not_unusual_a_value_of_another_hour_is()
    {
        var detector = new AnomalyDetector(new());
        var minute = SyntheticSeries.Start;
        // Nights are quiet, and Sundays.
        for (; minute < SyntheticSeries.Start.AddDays(21); minute = minute.AddMinutes(1)) detector.Next(minute, Usual(minute));
        Assert.Equal(100, Usual(minute.AddHours(12)));
        Assert.False(detector.Next(minute.AddHours(12), 100 + Wobble(minute)).IsAnomalous);
        Assert.True(detector.Next(minute.AddHours(27), 100 + Wobble(minute)).IsAnomalous);
    }

    [Fact]
    public void A_level_that_stays_becomes_the_usual_one()
    {
        var detector = new AnomalyDetector(new());
        var minute = SyntheticSeries.Start;
        for (; minute < SyntheticSeries.Start.AddDays(14); minute = minute.AddMinutes(1)) detector.Next(minute, 100 + Wobble(minute));
        Assert.True(detector.Next(minute, 130).IsAnomalous);
        AnomalyScore last = default;
        for (var end = minute.AddDays(3); minute < end; minute = minute.AddMinutes(1)) last = detector.Next(minute, 130 + Wobble(minute));
        Assert.False(last.IsAnomalous);
    }

    [Fact]
    public void Nothing_is_unusual_while_too_little_is_known()
    {
        var detector = new AnomalyDetector(new());
        for (var i = 0; i < 60; i++) Assert.False(detector.Next(SyntheticSeries.TimeOf(i), i == 59 ? 1_000_000 : 1).IsAnomalous);
    }

    [Fact]
    public void Half_of_the_values_may_be_anything_without_hiding_the_usual_ones()
    {
        var scale = RobustScale.Of([10, 11, 9, 10, 12, 8, 1000, 2000, 3000, 0, 10]);
        Assert.Equal(10, scale.Median);
        Assert.InRange(scale.Deviation, 1, 4);
    }

    private static double Usual(DateTimeOffset minute) => (minute.Hour is < 6 or > 22 || minute.DayOfWeek == DayOfWeek.Sunday ? 10 : 100) + (minute.Minute == 0 ? 0 : Wobble(minute));

    private static double Wobble(DateTimeOffset minute) => (minute.Minute * 7 % 5) - 2;

    private static void Check(Func<int, SyntheticSeries> make, double recall, double precision, double falseAlarmsAWeek)
    {
        var result = DetectionResult.Sum([.. Enumerable.Range(1, 3).Select(seed =>
        {
            var (series, detector) = (make(seed), new AnomalyDetector(new()));
            return DetectionResult.Of(series, [.. series.Values.Select((value, minute) => detector.Next(SyntheticSeries.TimeOf(minute), value).IsAnomalous)]);
        })]);
        Assert.True(result.Recall >= recall, $"{result.Recall:P1} found: {result}");
        Assert.True(result.Precision >= precision, $"{result.Precision:P1} right: {result}");
        Assert.True(result.FalseAlarms / result.Days * 7 <= falseAlarmsAWeek, $"{result.FalseAlarms} false alarms in {result.Days} days");
    }
}
