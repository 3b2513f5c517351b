namespace Platform.Caching;

/// <summary>
/// Names one row in the cache. The tenant comes first, so that a tenant's entries can be counted, limited and dropped without
/// looking at anybody else's.
/// </summary>
/// <param name="Tenant">The tenant's id.</param>
/// <param name="Entity">The entity's name.</param>
/// <param name="Id">The row's key as text, as it stands in the API's path.</param>
public readonly record struct CacheKey(string Tenant, string Entity, string Id)
{
    /// <summary>Key of the entry in the shared store: <c>tenant:entity:id</c>.</summary>
    public override string ToString() => $"{Tenant}:{Entity}:{Id}";

    /// <summary>Key of the mark that an invalidation leaves: <c>tenant:~entity:id</c>.</summary>
    public string Mark => $"{Tenant}:~{Entity}:{Id}";
}
