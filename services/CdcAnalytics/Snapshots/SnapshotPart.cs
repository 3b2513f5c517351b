using System.Text.Json.Serialization;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>A table of a snapshot, or the rows of one that satisfy conditions.</summary>
internal sealed class SnapshotPart
{
    /// <summary>The table's schema.</summary>
    public required string Schema { get; init; }

    /// <summary>The table.</summary>
    public required string Table { get; init; }

    /// <summary>Conditions that all must hold, by column; none for the whole table.</summary>
    public IReadOnlyList<PartFilter> Filters { get; init; } = [];

    /// <summary>Whether the table has a primary key, behind whose values reading can go on.</summary>
    public required bool HasKey { get; init; }

    /// <summary>About how many rows the table has.</summary>
    public long EstimatedRows { get; set; }

    /// <summary>Rows that are durable.</summary>
    public long Rows { get; set; }

    /// <summary>Names the file whose rows are read as they lie there; null when they are read in the order of the key.</summary>
    public uint? File { get; set; }

    /// <summary>Key of the last of them, or where it lies in the file.</summary>
    public IReadOnlyList<string>? After { get; set; }

    /// <summary>True when all rows are durable.</summary>
    public bool IsDone { get; set; }

    /// <summary>Rows sent by this process.</summary>
    [JsonIgnore]
    public long SentRows { get; set; }

    /// <summary>Key of the last of them, or where it lies.</summary>
    [JsonIgnore]
    public IReadOnlyList<string>? SentAfter { get; set; }

    /// <summary>True when this process has sent the last row.</summary>
    [JsonIgnore]
    public bool IsSent { get; set; }

    /// <summary>Whether the part is that table.</summary>
    public bool IsOf(SnapshotTable table) => table.Table.Schema == Schema && table.Table.Name == Table;

    /// <summary>A condition on a column.</summary>
    /// <param name="Column">The column.</param>
    /// <param name="Operator">One of <see cref="RowFilter.Operators"/>' names.</param>
    /// <param name="Value">What it is compared with.</param>
    internal sealed record PartFilter(string Column, string Operator, string Value);
}
