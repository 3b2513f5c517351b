namespace Platform.Harness.Synthetic;

/// <summary>
/// A made-up series of minutes with daily and weekly seasons, noise and a slow trend, into which anomalies are injected whose places are
/// known. The same seed makes the same series.
/// </summary>
/// <param name="Name">What it is like.</param>
/// <param name="Values">The value of each minute.</param>
/// <param name="Anomalies">The anomalies, in order; none in the weeks that a detector learns from.</param>
/// <param name="Learning">How many minutes come before the first one.</param>
public sealed record SyntheticSeries(string Name, IReadOnlyList<double> Values, IReadOnlyList<InjectedAnomaly> Anomalies, int Learning)
{
    /// <summary>The first minute: a Monday.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private const int Day = 1440, Week = 7 * Day;

    /// <summary>The time of a minute.</summary>
    public static DateTimeOffset TimeOf(int minute) => Start.AddMinutes(minute);

    /// <summary>Requests a minute: Poisson counts, more than their mean's variance in busy hours.</summary>
    public static SyntheticSeries Requests(int seed) => Make("requests, 200 a minute", seed, 200, weekend: 0.5, trend: 0.05, Noise.Poisson);

    /// <summary>Orders of a small shop: counts so small that their noise is coarse.</summary>
    public static SyntheticSeries Orders(int seed) => Make("orders, 12 a minute", seed, 12, weekend: 1.4, trend: 0.1, Noise.Poisson);

    /// <summary>A latency: skewed noise, hardly any season.</summary>
    public static SyntheticSeries Latency(int seed) => Make("latency, 40 ms, skewed", seed, 40, weekend: 0.9, trend: 0, Noise.Skewed);

    private static SyntheticSeries Make(string name, int seed, double level, double weekend, double trend, Noise noise)
    {
        var random = new Random(seed);
        const int learning = 4 * Week, minutes = 6 * Week;
        var daily = noise == Noise.Skewed ? 0.15 : 0.6;
        var values = new double[minutes];
        for (var i = 0; i < minutes; i++)
        {
            var phase = 2 * Math.PI * (i % Day) / Day;
            var isWeekend = i % Week >= 5 * Day;
            // Quiet at four in the morning, and a second, smaller summit in the evening.
            var season = 1 + (daily * Math.Sin(phase - 2.6)) + (daily / 4 * Math.Sin((2 * phase) - 1));
            var mean = level * Math.Max(0.1, season) * (isWeekend ? weekend : 1) * (1 + (trend * i / minutes));
            values[i] = noise == Noise.Poisson ? Poisson(random, mean * Math.Exp(0.05 * Normal(random))) : mean * Math.Exp(0.12 * Normal(random));
        }

        return new(name, values, Inject(random, values, learning), learning);
    }

    private static List<InjectedAnomaly> Inject(Random random, double[] values, int from)
    {
        List<InjectedAnomaly> anomalies = [];
        AnomalyKind[] kinds = [AnomalyKind.Spike, AnomalyKind.Failure, AnomalyKind.Rise, AnomalyKind.Fall];
        // About every five hours, so that most of the time nothing is wrong.
        for (var (start, i) = (from + random.Next(300), 0); start < values.Length - 120; start += 200 + random.Next(250), i++)
        {
            var kind = kinds[i % kinds.Length];
            var length = kind switch { AnomalyKind.Spike => 1 + random.Next(3), AnomalyKind.Failure => 5 + random.Next(15), _ => 30 + random.Next(30) };
            for (var minute = start; minute < start + length; minute++) values[minute] = Change(kind, values[minute]);
            anomalies.Add(new(kind, start, length));
        }

        return anomalies;
    }

    private static double Change(AnomalyKind kind, double value) => kind switch
    {
        AnomalyKind.Spike => (value * 3) + 10,
        AnomalyKind.Failure => value * 0.05,
        AnomalyKind.Rise => value * 1.6,
        _ => value * 0.5,
    };

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // Knuth's method for small means, the normal approximation for large ones.
    private static double Poisson(Random random, double mean)
    {
        if (mean > 60) return Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * Normal(random))));
        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0);
        for (; product > limit; count++) product *= random.NextDouble();
        return count;
    }

    private enum Noise
    {
        Poisson,
        Skewed,
    }
}
