namespace Platform.CdcAnalytics.Capture;

/// <summary>The transaction whose changes are being read.</summary>
/// <param name="Xid">Its id.</param>
/// <param name="CommitLsn">Position of its commit.</param>
/// <param name="PreviousCommitLsn">Position of the commit read before it.</param>
/// <param name="CommittedAt">When it was committed, by the database's clock.</param>
internal sealed record CapturedTransaction(uint Xid, ulong CommitLsn, ulong PreviousCommitLsn, DateTimeOffset CommittedAt)
{
    private readonly Dictionary<string, long> _ordinalsByTable = new(StringComparer.Ordinal);

    /// <summary>Changes read so far.</summary>
    public long Ordinal { get; private set; }

    /// <summary>Numbers the next change: in the transaction, and among those of its table.</summary>
    public (long InTransaction, long InTable) Number(string table)
    {
        var inTable = _ordinalsByTable.GetValueOrDefault(table) + 1;
        _ordinalsByTable[table] = inTable;
        return (++Ordinal, inTable);
    }
}
