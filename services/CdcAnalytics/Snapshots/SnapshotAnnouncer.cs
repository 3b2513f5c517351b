using System.Text;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.Changes;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>Tells the warehouse that a snapshot has brought all rows of whole tables.</summary>
/// <param name="producer">Sends.</param>
/// <param name="source">The source (<see cref="ChangeSource"/>).</param>
internal sealed class SnapshotAnnouncer(ChangeProducer producer, string source)
{
    /// <summary>Sends a mark for each table of which the snapshot has everything.</summary>
    /// <param name="run">The snapshot.</param>
    /// <param name="now">Where the partitions end.</param>
    /// <param name="cancellationToken">Ends the waiting for room.</param>
    public async Task TellAsync(SnapshotRun run, PositionMark now, CancellationToken cancellationToken)
    {
        await producer.RoomAsync(cancellationToken);
        foreach (var part in run.Parts.Where(part => part.Filters.Count == 0))
        {
            var topic = ChangeTopics.NameOf(part.Schema, part.Table);
            var ends = now.Ends.Where(end => end.Key.Topic == topic).ToDictionary(end => end.Key.Partition.Value, end => end.Value);
            producer.Send(
                producer.Topic(SnapshotMark.Partition.Topic), SnapshotMark.Partition.Partition.Value, Encoding.UTF8.GetBytes($"{part.Schema}.{part.Table}"),
                new SnapshotMark(part.Schema, part.Table, run.Lsn, ends, source).Encode(), isTombstone: false, MessageHeaders.None, LogProgress.NoTransaction);
        }
    }
}
