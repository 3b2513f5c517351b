namespace Platform.Contracts.Rules;

/// <summary>Puts each entity after those it refers to; among those that are free to go, by name.</summary>
internal static class ReferenceOrder
{
    public static IReadOnlyList<EntityContract> Of(IEnumerable<EntityContract> entities)
    {
        var waiting = entities.OrderBy(entity => entity.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<EntityContract>(waiting.Count);
        while (waiting.Count > 0)
        {
            var next = waiting.First(entity => entity.References.All(reference => ordered.Any(o => o.Name == reference.Entity)));
            ordered.Add(next);
            waiting.Remove(next);
        }

        return ordered;
    }
}
