using System.Text;
using Platform.CdcAnalytics.Tables;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>
/// The time between two marks in the log, between which a part of a table is read. Rows that change meanwhile are left out of what was read, since the
/// log tells their changes: "DBLog: A Watermark Based Change-Data-Capture Framework"
/// (<see href="https://arxiv.org/abs/2010.12597"/>). Not thread-safe: it belongs to the reader of the log.
/// </summary>
/// <param name="oid">The table.</param>
internal sealed class ChunkWindow(uint oid)
{
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    /// <summary>True when the whole table was emptied.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>A message about a row goes out; an empty key is the whole table's.</summary>
    public void Note(CapturedTable table, ReadOnlySpan<byte> key)
    {
        if (table.Oid != oid) return;
        if (key.IsEmpty) IsTruncated = true;
        else _changed.Add(Encoding.UTF8.GetString(key));
    }

    /// <summary>Whether the row has changed since.</summary>
    public bool HasChanged(ReadOnlySpan<byte> key) => IsTruncated || _changed.Contains(Encoding.UTF8.GetString(key));
}
