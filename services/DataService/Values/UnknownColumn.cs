using Platform.Contracts;

namespace Platform.DataService.Values;

/// <summary>The message for a name that is no column.</summary>
internal static class UnknownColumn
{
    public static string Describe(EntityContract entity, string name) =>
        $"{entity.Name} has no column '{name}'; it has {string.Join(", ", entity.Columns.Select(c => c.Name))}.";
}
