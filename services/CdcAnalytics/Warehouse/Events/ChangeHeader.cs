using Platform.Replication;

namespace Platform.CdcAnalytics.Warehouse.Events;

/// <summary>A change without the row's values.</summary>
/// <param name="Source">Where it comes from (<see cref="Changes.ChangeSource"/>); places are comparable within one source.</param>
/// <param name="Position">Its place in the log; of a row of a snapshot, the snapshot's place with the ordinal 0.</param>
/// <param name="Operation">Debezium's letter: c, u, d, r or t.</param>
/// <param name="CommittedMicros">When it was committed, in microseconds since 1970.</param>
/// <param name="Tenant">The row's tenant; null for a truncation.</param>
internal readonly record struct ChangeHeader(string Source, LogPosition Position, char Operation, long CommittedMicros, string? Tenant)
{
    public bool IsDelete => Operation == 'd';

    public bool IsTruncate => Operation == 't';

    /// <summary>True for a row as a snapshot found it: it may come at any time and any number of times, beside newer changes.</summary>
    public bool IsSnapshot => Operation == 'r';
}
