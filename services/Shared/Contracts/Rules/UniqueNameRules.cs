using Platform.Contracts.Reading;

namespace Platform.Contracts.Rules;

/// <summary>No two entities want the same table.</summary>
internal static class UniqueNameRules
{
    public static IEnumerable<ContractViolation> Check(IReadOnlyList<EntityDraft> entities)
    {
        foreach (var again in entities.GroupBy(entity => entity.Name.Value).SelectMany(named => named.Skip(1)))
            yield return new(
                again.File, again.Name.Line, "duplicate", $"another contract describes '{again.Name.Value}' too", "leave one of them out");

        foreach (var divided in entities.Where(entity => entity.Partitioning is not null))
        {
            foreach (var clash in entities.Where(entity => entity.Name.Value == divided.Name.Value + "_keys"))
            {
                yield return new(clash.File, clash.Name.Line, "reserved-name",
                    $"'{clash.Name.Value}' is the table of keys that the partitioned '{divided.Name.Value}' has", "write another name");
            }
        }
    }
}
