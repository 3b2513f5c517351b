using System.Text.Json.Serialization;

namespace Platform.Tenancy;

/// <summary>A tenant and where its rows live. Every service asks for this and derives its connection and table names from it.</summary>
/// <param name="Id">Slug that names the tenant in tokens, keys and rows.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Status">Whether the tenant may be served.</param>
/// <param name="Cluster">Name of the Postgres cluster, as the data services know it.</param>
/// <param name="Database">Database on that cluster.</param>
/// <param name="Schema">Schema that holds the tenant's tables.</param>
/// <param name="Mode">Whom the tenant shares its tables with.</param>
public sealed record TenantPlacement(
    string Id, string Name, TenantStatus Status, string Cluster, string Database, string Schema, TenantMode Mode)
{
    /// <summary>The database, <c>cluster/database</c>, as what follows its log calls it: positions are comparable within one.</summary>
    [JsonIgnore]
    public string Source => $"{Cluster}/{Database}";
}
