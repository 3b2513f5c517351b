using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace Platform.Tenancy;

/// <summary>Every tenant at one version of the directory. Immutable; readers swap whole snapshots.</summary>
/// <param name="Version">Grows with every change of a tenant.</param>
/// <param name="Tenants">All tenants, suspended ones too.</param>
public sealed record TenantDirectorySnapshot(long Version, IReadOnlyList<TenantPlacement> Tenants)
{
    /// <summary>What is known before the first answer of the directory: nothing.</summary>
    public static TenantDirectorySnapshot Empty { get; } = new(-1, []);

    [JsonIgnore]
    private FrozenDictionary<string, TenantPlacement> ById { get; } = Tenants.ToFrozenDictionary(t => t.Id, StringComparer.Ordinal);

    /// <summary>The tenant of that id, or null.</summary>
    public TenantPlacement? Find(string id) => ById.GetValueOrDefault(id);
}
