namespace Platform.Replication;

/// <summary>
/// Where a change stands in the log. The platform's clock: changes are ordered and recognised by it and by nothing else, since
/// all changes of one COPY share the LSN of their own.
/// </summary>
/// <param name="CommitLsn">Position of the commit of the change's transaction.</param>
/// <param name="Ordinal">Place of the change in its transaction, from 1.</param>
public readonly record struct LogPosition(ulong CommitLsn, long Ordinal) : IComparable<LogPosition>
{
    /// <summary>Before every change.</summary>
    public static LogPosition Start => default;

    /// <inheritdoc />
    public int CompareTo(LogPosition other) =>
        CommitLsn != other.CommitLsn ? CommitLsn.CompareTo(other.CommitLsn) : Ordinal.CompareTo(other.Ordinal);

    /// <summary>True when the left one is earlier.</summary>
    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    /// <summary>True when the left one is later.</summary>
    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    /// <summary>True when the left one is not later.</summary>
    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    /// <summary>True when the left one is not earlier.</summary>
    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;

    /// <summary>The commit position in Postgres' notation and the ordinal, as in <c>0/16B3748#3</c>.</summary>
    public override string ToString() => $"{LsnText.Format(CommitLsn)}#{Ordinal}";
}
