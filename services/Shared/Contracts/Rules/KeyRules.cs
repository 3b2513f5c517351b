using Platform.Contracts.Reading;

namespace Platform.Contracts.Rules;

/// <summary>An entity has one key, every row has a value of it, and no column is there twice.</summary>
internal static class KeyRules
{
    private static readonly ColumnType[] KeyTypes = [ColumnType.Integer, ColumnType.Text, ColumnType.Uuid];
    private static readonly ColumnType[] GeneratedTypes = [ColumnType.Integer, ColumnType.Uuid];

    /// <summary>Checks the columns of one entity; <paramref name="line"/> is where its properties begin.</summary>
    public static IEnumerable<ContractViolation> Check(EntityDraft entity, int line)
    {
        foreach (var again in entity.Columns.GroupBy(column => column.Name.Value).SelectMany(named => named.Skip(1)))
            yield return new(
                entity.File, again.Name.Line, "duplicate", $"'{again.Name.Value}' is there twice", "leave one of them out or rename it");

        var keys = entity.Columns.Where(column => column.IsKey).ToArray();
        if (keys.Length == 0)
            yield return new(
                entity.File, line, "one-key", $"'{entity.Name.Value}' has no primary key",
                "write 'primaryKey: true' and 'required: true' in one property");
        foreach (var second in keys.Skip(1))
        {
            yield return new(entity.File, second.Name.Line, "one-key", $"'{second.Name.Value}' is a second primary key",
                "write 'primaryKey: true' in one property only: the tenant's column is added by itself");
        }

        if (keys is not [{ Contract: { } key, Name.Line: var keyLine }]) yield break;
        if (!key.Required)
            yield return new(entity.File, keyLine, "key-required", $"the key '{key.Name}' may be missing", "write 'required: true' in it");
        if (!KeyTypes.Contains(key.Type))
            yield return new(
                entity.File, keyLine, "key-type", $"the key '{key.Name}' is of a type that does not identify rows well",
                "write an integer, a string or a uuid");
        else if (key.Generated && !GeneratedTypes.Contains(key.Type))
            yield return new(
                entity.File, keyLine, "generated-key", $"no value of '{key.Name}' can be generated",
                "write an integer or a uuid, or leave 'generated' out");
    }
}
