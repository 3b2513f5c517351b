namespace Platform.CdcAnalytics.Verification;

/// <summary>What a comparison of the sources with the warehouse has shown.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="IsEqual">True when every row of every source could be compared and is the same on both sides.</param>
/// <param name="Sources">The sources.</param>
internal sealed record ComparisonReport(DateTimeOffset At, double Milliseconds, bool IsEqual, IReadOnlyList<ComparisonReport.Source> Sources)
{
    /// <summary>A source, as it was at one position of its log.</summary>
    /// <param name="Cluster">The cluster.</param>
    /// <param name="Database">The database.</param>
    /// <param name="Position">The position; null when it could not be compared.</param>
    /// <param name="Problem">Why it could not; null when it could.</param>
    /// <param name="Entities">What was compared.</param>
    internal sealed record Source(string Cluster, string Database, string? Position, string? Problem, IReadOnlyList<Entity> Entities);

    /// <summary>An entity.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="SourceRows">Its rows in the source.</param>
    /// <param name="WarehouseRows">Those rows of the warehouse that come from the source.</param>
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
