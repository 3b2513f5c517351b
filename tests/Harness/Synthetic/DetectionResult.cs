namespace Platform.Harness.Synthetic;

/// <summary>How well a detector found what was injected.</summary>
/// <param name="Found">Anomalies with a minute that was flagged while they lasted.</param>
/// <param name="Injected">Anomalies.</param>
/// <param name="FlaggedRight">Flagged minutes of anomalies.</param>
/// <param name="Flagged">All flagged minutes.</param>
/// <param name="AnomalousMinutes">Minutes of anomalies.</param>
/// <param name="Days">Days that were judged.</param>
/// <param name="FalseAlarms">Runs of flagged minutes outside of anomalies; ten minutes apart are two.</param>
public sealed record DetectionResult(int Found, int Injected, int FlaggedRight, int Flagged, int AnomalousMinutes, double Days, int FalseAlarms)
{
    // What is flagged right behind an anomaly is its echo, and no alarm of its own.
    private const int Echo = 3, Apart = 10;

    /// <summary>Share of the flagged minutes that belong to an anomaly.</summary>
    public double Precision => Flagged == 0 ? 1 : (double)FlaggedRight / Flagged;

    /// <summary>Share of the anomalies that were found.</summary>
    public double Recall => (double)Found / Injected;

    /// <summary>Share of the anomalous minutes that were flagged.</summary>
    public double MinuteRecall => (double)FlaggedRight / AnomalousMinutes;

    /// <summary>Compares what was flagged with what was injected, in the minutes after learning.</summary>
    public static DetectionResult Of(SyntheticSeries series, IReadOnlyList<bool> flagged)
    {
        var (right, all, alarms, last) = (0, 0, 0, int.MinValue / 2);
        HashSet<InjectedAnomaly> found = [];
        for (var minute = series.Learning; minute < series.Values.Count; minute++)
        {
            if (!flagged[minute]) continue;
            all++;
            if (series.Anomalies.FirstOrDefault(anomaly => anomaly.Contains(minute)) is { } anomaly)
            {
                right++;
                found.Add(anomaly);
            }
            else if (!series.Anomalies.Any(near => near.Contains(minute - Echo)))
            {
                if (minute - last > Apart) alarms++;
                last = minute;
            }
        }

        return new(found.Count, series.Anomalies.Count, right, all, series.Anomalies.Sum(anomaly => anomaly.Length), (series.Values.Count - series.Learning) / 1440.0, alarms);
    }

    /// <summary>Several results as one.</summary>
    public static DetectionResult Sum(IReadOnlyCollection<DetectionResult> results) => new(
        results.Sum(r => r.Found), results.Sum(r => r.Injected), results.Sum(r => r.FlaggedRight), results.Sum(r => r.Flagged),
        results.Sum(r => r.AnomalousMinutes), results.Sum(r => r.Days), results.Sum(r => r.FalseAlarms));
}
