using System.CommandLine;
using System.Globalization;
using Platform.CdcAnalytics.Anomalies;
using Platform.Harness.Synthetic;

namespace Platform.Benchmarks.Anomalies;

/// <summary>How many of the anomalies in made-up series are found, and how often one is seen where there is none.</summary>
internal sealed class AnomaliesCommand : Command
{
    private readonly Option<int> _seeds = new("--seeds") { Description = "Series of each kind.", DefaultValueFactory = _ => 20 };

    public AnomaliesCommand() : base("anomalies", "Measures precision and recall of the anomaly detection on seeded synthetic series.")
    {
        Options.Add(_seeds);
        SetAction(result => Run(result.GetValue(_seeds)));
    }

    private static void Run(int seeds)
    {
        var table = new ResultTable("series", "anomalies", "found (recall)", "spikes", "failures", "rises", "falls", "flagged minutes that are right (precision)", "false alarms a week");
        foreach (var make in new Func<int, SyntheticSeries>[] { SyntheticSeries.Requests, SyntheticSeries.Orders, SyntheticSeries.Latency })
        {
            List<DetectionResult> results = [];
            Dictionary<AnomalyKind, (int Found, int All)> kinds = [];
            var name = "";
            for (var seed = 1; seed <= seeds; seed++)
            {
                var series = make(seed);
                name = series.Name;
                var flagged = Flag(series);
                results.Add(DetectionResult.Of(series, flagged));
                foreach (var anomaly in series.Anomalies)
                {
                    var isFound = Enumerable.Range(anomaly.Start, anomaly.Length).Any(minute => flagged[minute]);
                    var (found, all) = kinds.GetValueOrDefault(anomaly.Kind);
                    kinds[anomaly.Kind] = (found + (isFound ? 1 : 0), all + 1);
                }
            }

            var sum = DetectionResult.Sum(results);
            table.Add(
                name, sum.Injected.ToString(CultureInfo.InvariantCulture), Percent(sum.Recall), Of(AnomalyKind.Spike), Of(AnomalyKind.Failure), Of(AnomalyKind.Rise), Of(AnomalyKind.Fall),
                Percent(sum.Precision), (sum.FalseAlarms / sum.Days * 7).ToString("0.0", CultureInfo.InvariantCulture));

            string Of(AnomalyKind kind) => Percent((double)kinds[kind].Found / kinds[kind].All);
        }

        Console.WriteLine(table);
    }

    private static bool[] Flag(SyntheticSeries series)
    {
        var detector = new AnomalyDetector(new AnomalyOptions());
        return [.. series.Values.Select((value, minute) => detector.Next(SyntheticSeries.TimeOf(minute), value).IsAnomalous)];
    }

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%";
}
