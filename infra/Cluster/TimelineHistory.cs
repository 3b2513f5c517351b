using System.Globalization;
using NpgsqlTypes;

namespace Platform.Cluster;

/// <summary>Where a primary's timeline branched off from the earlier ones.</summary>
/// <param name="Timeline">The primary's own timeline.</param>
/// <param name="Ends">The end of each earlier one: what a node has of it behind that, the primary does not have.</param>
public sealed record TimelineHistory(uint Timeline, IReadOnlyDictionary<uint, NpgsqlLogSequenceNumber> Ends)
{
    /// <summary>Reads a history file: a line for each earlier timeline with its number, the position where it ends, and a reason.</summary>
    public static TimelineHistory Parse(uint timeline, string text)
    {
        var ends = new Dictionary<uint, NpgsqlLogSequenceNumber>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Split('\t') is [var number, var end, ..] && uint.TryParse(number, CultureInfo.InvariantCulture, out var earlier))
                ends[earlier] = NpgsqlLogSequenceNumber.Parse(end);
        }

        return new(timeline, ends);
    }

    /// <summary>Why a node with log up to a position can never follow the primary; null when it can.</summary>
    /// <param name="timeline">The node's timeline.</param>
    /// <param name="position">End of its log, or a position before that.</param>
    public string? FindDivergence(uint timeline, NpgsqlLogSequenceNumber position)
    {
        if (timeline == Timeline) return null;
        if (!Ends.TryGetValue(timeline, out var end)) return $"its timeline {timeline} is not in the history of the primary's timeline {Timeline}";
        return position > end ? $"its log goes on to {position} on timeline {timeline}, which ended at {end} when the primary was promoted" : null;
    }
}
