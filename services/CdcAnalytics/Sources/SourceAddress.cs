using Platform.Tenancy;

namespace Platform.CdcAnalytics.Sources;

/// <summary>A database of a cluster, as tenants' placements name it.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Database">The database on it.</param>
internal readonly record struct SourceAddress(string Cluster, string Database)
{
    /// <summary>Where a tenant's rows are.</summary>
    public static SourceAddress Of(TenantPlacement tenant) => new(tenant.Cluster, tenant.Database);

    /// <summary>The source as marks and the cache call it.</summary>
    public override string ToString() => $"{Cluster}/{Database}";
}
