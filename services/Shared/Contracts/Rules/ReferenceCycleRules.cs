using Platform.Contracts.Reading;

namespace Platform.Contracts.Rules;

/// <summary>
/// References lead from an entity to others and never back, so that rows can always be loaded in one order and removed in the other.
/// </summary>
internal static class ReferenceCycleRules
{
    public static IEnumerable<ContractViolation> Check(IReadOnlyList<EntityDraft> entities)
    {
        var byName = entities
            .GroupBy(entity => entity.Name.Value)
            .ToDictionary(named => named.Key, named => named.First(), StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var violations = new List<ContractViolation>();
        foreach (var entity in byName.Values) Visit(entity, []);
        return violations;

        void Visit(EntityDraft entity, IReadOnlyList<string> path)
        {
            if (done.Contains(entity.Name.Value)) return;
            IReadOnlyList<string> here = [.. path, entity.Name.Value];
            foreach (var reference in entity.Columns.Select(column => column.Reference).OfType<Located<string>>())
            {
                var target = reference.Value.Split('.')[0];
                if (here.Contains(target))
                {
                    var cycle = string.Join(" -> ", here.SkipWhile(name => name != target).Append(target));
                    violations.Add(new(entity.File, reference.Line, "reference-cycle", $"the references go in a circle ({cycle})",
                        "leave one of these relationships out"));
                }
                else if (byName.TryGetValue(target, out var next)) Visit(next, here);
            }

            done.Add(entity.Name.Value);
        }
    }
}
