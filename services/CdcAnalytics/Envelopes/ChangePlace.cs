namespace Platform.CdcAnalytics.Envelopes;

/// <summary>Where in the log a change stands.</summary>
internal struct ChangePlace
{
    /// <summary>The transaction.</summary>
    public uint Xid;

    /// <summary>Position of the transaction's commit.</summary>
    public ulong CommitLsn;

    /// <summary>When it was committed, by the database's clock, in microseconds since 1970.</summary>
    public long CommittedMicros;

    /// <summary>Position behind the commit that was read before it; 0 before the first.</summary>
    public ulong PreviousCommitLsn;

    /// <summary>Position of the change itself.</summary>
    public ulong Lsn;

    /// <summary>Place among the transaction's changes, from 1; 0 for a row of a snapshot, which is no change.</summary>
    public long Ordinal;

    /// <summary>Place among the transaction's changes of the same table, from 1.</summary>
    public long OrdinalInTable;
}
