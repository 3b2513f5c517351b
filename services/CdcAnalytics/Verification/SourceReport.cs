namespace Platform.CdcAnalytics.Verification;

/// <summary>What a comparison of the source with the warehouse, both as they were at one position of the log, has shown.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Position">The position.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="IsEqual">True when every row is the same on both sides.</param>
/// <param name="Entities">What was compared.</param>
internal sealed record SourceReport(DateTimeOffset At, string Position, double Milliseconds, bool IsEqual, IReadOnlyList<SourceReport.Entity> Entities)
{
    /// <summary>An entity.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="SourceRows">Its rows in the source.</param>
    /// <param name="WarehouseRows">Its rows in the warehouse.</param>
    /// <param name="Differences">The tenants whose rows differ.</param>
    internal sealed record Entity(string Name, long SourceRows, long WarehouseRows, IReadOnlyList<TenantDifference> Differences);

    /// <summary>A tenant whose rows differ.</summary>
    /// <param name="Tenant">The tenant.</param>
    /// <param name="Missing">How many rows of the source the warehouse does not have.</param>
    /// <param name="Superfluous">How many rows of the warehouse the source does not have.</param>
    /// <param name="Different">How many rows have other values.</param>
    /// <param name="Keys">Keys of some of them.</param>
    internal sealed record TenantDifference(string Tenant, int Missing, int Superfluous, int Different, IReadOnlyList<string> Keys);
}
