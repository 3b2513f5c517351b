using Platform.Contracts.Reading;

namespace Platform.Contracts.Rules;

/// <summary>A reference names the key of an entity that exists, in the key's own type.</summary>
internal static class ReferenceRules
{
    public static IEnumerable<ContractViolation> Check(IReadOnlyList<EntityDraft> entities) =>
        from entity in entities
        from column in entity.Columns
        where column.Reference is not null
        from violation in CheckReference(entities, entity, column, column.Reference!.Value)
        select violation;

    private static IEnumerable<ContractViolation> CheckReference(
        IReadOnlyList<EntityDraft> entities, EntityDraft entity, ColumnDraft column, Located<string> reference)
    {
        var (targetName, targetColumn) = (reference.Value.Split('.')[0], reference.Value.Split('.')[1]);
        var target = entities.FirstOrDefault(candidate => candidate.Name.Value == targetName);
        if (target is null)
        {
            var others = entities.Where(other => other != entity).Select(other => other.Name.Value).Order(StringComparer.Ordinal).ToArray();
            yield return new(entity.File, reference.Line, "unknown-reference", $"'{reference.Value}' names no entity",
                others.Length == 0 ? "write a contract for it first" : Spelling.OneOf(others));
            yield break;
        }

        // An entity without one key has been reported already.
        if (target.Key is not { } key) yield break;
        if (key.Name.Value != targetColumn)
        {
            yield return new(entity.File, reference.Line, "unknown-reference", $"'{reference.Value}' is not the key of '{targetName}'",
                $"write {targetName}.{key.Name.Value}");
        }
        else if (column.Contract is { } own && key.Contract is { } its && own.Type != its.Type)
        {
            yield return new(entity.File, column.Name.Line, "reference-type",
                $"'{own.Name}' ({Describe(own.Type)}) cannot hold a '{reference.Value}' ({Describe(its.Type)})",
                $"write the type of '{reference.Value}'");
        }
    }

    private static string Describe(ColumnType type) => type.ToString().ToLowerInvariant();
}
