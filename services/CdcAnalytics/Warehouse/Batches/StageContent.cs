namespace Platform.CdcAnalytics.Warehouse.Batches;

/// <summary>What changes applied together are, and so which steps of applying them may be left out.</summary>
/// <param name="FirstLsn">The earliest commit among them.</param>
internal readonly record struct StageContent(ulong FirstLsn)
{
    public bool HasSnapshotRows { get; init; }

    public bool HasDeletes { get; init; }

    /// <summary>True when several of them change one row.</summary>
    public bool HasChains { get; init; }

    /// <summary>True when all are rows that were created: usually none of them is there.</summary>
    public bool AreCreates { get; init; }
}
