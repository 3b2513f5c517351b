using Platform.Contracts;

namespace Platform.CdcAnalytics.Snapshots;

/// <summary>An order to read rows again while changes go on.</summary>
/// <param name="Entities">The entities; at least one.</param>
/// <param name="Filters">Conditions that all must hold, for instance <c>{"column":"tenant_id","operator":"eq","value":"jane"}</c>; none for whole tables.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record NewSnapshot(IReadOnlyList<string> Entities, IReadOnlyList<NewSnapshot.Filter>? Filters = null, string? Reason = null)
{
    private const string TenantColumn = "tenant_id";

    /// <summary>Conditions; none for whole tables.</summary>
    public IReadOnlyList<Filter> Filters { get; init; } = Filters ?? [];

    /// <summary>The tenant whose rows alone are ordered, or null.</summary>
    public string? Tenant => Filters.FirstOrDefault(filter => filter is { Column: TenantColumn, Operator: "eq" })?.Value;

    /// <summary>What is wrong with the order, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> FindMistakes(ContractSet contracts)
    {
        Dictionary<string, string[]> mistakes = [];
        var unknown = (Entities ?? []).Where(entity => contracts.Find(entity) is null).ToList();
        if (Entities is null or []) mistakes["entities"] = ["Name at least one entity."];
        else if (unknown.Count > 0) mistakes["entities"] = [.. unknown.Select(entity => $"There is no entity '{entity}'; there are {string.Join(", ", contracts.Entities.Select(e => e.Name))}.")];
        List<string> filters = [];
        foreach (var filter in Filters)
        {
            if (!RowFilter.Operators.ContainsKey(filter.Operator)) filters.Add($"'{filter.Operator}' is no operator; write one of {string.Join(", ", RowFilter.Operators.Keys)}.");
            foreach (var entity in (Entities ?? []).Select(contracts.Find).OfType<EntityContract>())
            {
                if (filter.Column != TenantColumn && entity.Find(filter.Column) is null) filters.Add($"{entity.Name} has no column '{filter.Column}'.");
            }
        }

        if (filters.Count > 0) mistakes["filters"] = [.. filters];
        return mistakes;
    }

    /// <summary>A condition on a column.</summary>
    /// <param name="Column">The column.</param>
    /// <param name="Operator">eq, neq, lt, lte, gt or gte.</param>
    /// <param name="Value">What it is compared with.</param>
    internal sealed record Filter(string Column, string Operator, string Value);
}
