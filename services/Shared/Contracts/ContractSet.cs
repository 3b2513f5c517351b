using System.Collections.Frozen;

namespace Platform.Contracts;

/// <summary>All entities of the platform, each after those it refers to. Immutable.</summary>
public sealed class ContractSet
{
    private readonly FrozenDictionary<string, EntityContract> _byName;

    /// <summary>Makes a set of entities that are already in order of reference.</summary>
    public ContractSet(IReadOnlyList<EntityContract> entities)
    {
        Entities = entities;
        _byName = entities.ToFrozenDictionary(e => e.Name, StringComparer.Ordinal);
    }

    /// <summary>The entities, each after those it refers to.</summary>
    public IReadOnlyList<EntityContract> Entities { get; }

    /// <summary>The entity of that name, or null.</summary>
    public EntityContract? Find(string name) => _byName.GetValueOrDefault(name);
}
