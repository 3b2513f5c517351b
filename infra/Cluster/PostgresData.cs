using System.Globalization;

namespace Platform.Cluster;

/// <summary>What the data folder of a node says without its server: whether it is a primary's, and on which timeline.</summary>
/// <param name="FullPath">The folder of the data, which holds <c>PG_VERSION</c>.</param>
public sealed record PostgresData(string FullPath)
{
    private string Signal => Path.Combine(FullPath, "standby.signal");

    /// <summary>True when the data is there, complete.</summary>
    public bool Exists => File.Exists(Path.Combine(FullPath, "PG_VERSION"));

    /// <summary>
    /// True when a server on this data is a replica. Postgres removes the mark when it is promoted, after it has written the new timeline's
    /// history.
    /// </summary>
    public bool IsReplica => File.Exists(Signal);

    /// <summary>True when a server on this data takes writes.</summary>
    public bool IsPrimary => Exists && !IsReplica;

    /// <summary>The newest timeline of which there is a history: of a primary the one that it is on.</summary>
    public uint Timeline => Exists ? Histories().DefaultIfEmpty(1u).Max() : 0;

    /// <summary>True right after a base backup, until the server has started on it.</summary>
    public bool IsFreshClone => File.Exists(Path.Combine(FullPath, "backup_label"));

    /// <summary>Makes a replica of it, from the next start on.</summary>
    public void MarkAsReplica()
    {
        using var signal = new FileStream(Signal, FileMode.OpenOrCreate);
        signal.Flush(flushToDisk: true);
    }

    /// <summary>The history of <see cref="Timeline"/>.</summary>
    public TimelineHistory History()
    {
        var timeline = Timeline;
        var file = Path.Combine(FullPath, "pg_wal", timeline.ToString("X8", CultureInfo.InvariantCulture) + ".history");
        return TimelineHistory.Parse(timeline, File.Exists(file) ? File.ReadAllText(file) : "");
    }

    private IEnumerable<uint> Histories() => Directory.EnumerateFiles(Path.Combine(FullPath, "pg_wal"), "*.history")
        .Select(file => uint.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var timeline) ? timeline : 0);
}
