namespace Platform.Replication;

/// <summary>
/// Compares transaction ids of the log, which have 32 bits and wrap around, with the bounds of a snapshot, which have 64
/// (<see href="https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND">Postgres' circular order</see>).
/// </summary>
public static class TransactionAge
{
    /// <summary>
    /// True when every snapshot with the lower bound <paramref name="snapshotXmin"/> sees the transaction. False may also mean "perhaps":
    /// a snapshot of a replica does not list the transactions above its lower bound that are still running.
    /// </summary>
    public static bool IsSurelyVisible(uint transactionId, ulong snapshotXmin) => unchecked((int)(transactionId - (uint)snapshotXmin)) < 0;
}
