using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Star;

/// <summary>
/// The tables that columns of an entity, and of those that it refers to, also over several references, are found in. Of several ways to an entity the first one counts.
/// </summary>
internal sealed class ColumnPaths(EntityContract entity, ContractSet contracts)
{
    private readonly Dictionary<string, ColumnJoin> _joins = new(StringComparer.Ordinal);

    /// <summary>The entity's own rows have the alias <c>f</c>.</summary>
    public const string Own = "f";

    /// <summary>What has been joined so far.</summary>
    public IReadOnlyCollection<ColumnJoin> Joins => _joins.Values;

    /// <summary>The tables, joined.</summary>
    /// <param name="rows">What has the entity's own rows.</param>
    public string From(string rows) => $"{rows} AS {Own}{string.Concat(_joins.Values.Select(join => join.Sql))}";

    /// <summary>Joins an entity that this one refers to; null when it does not.</summary>
    public ColumnJoin? Join(string target) => _joins.TryGetValue(target, out var join) || TryReach(entity, Own, target, []) ? join ?? _joins[target] : null;

    private bool TryReach(EntityContract from, string alias, string target, HashSet<string> seen)
    {
        foreach (var reference in from.References.Where(reference => seen.Add(reference.Entity)))
        {
            var next = contracts.Find(reference.Entity)!;
            if (reference.Entity != target && !next.References.Any(r => Leads(r, target))) continue;
            if (!_joins.TryGetValue(next.Name, out var join))
                join = _joins[next.Name] = new(next, $"d{_joins.Count}", from, reference, $"{alias}.{EntityTable.Quote(reference.Column)}");
            if (reference.Entity == target || TryReach(next, join.Alias, target, seen)) return true;
        }

        return false;
    }

    private bool Leads(ReferenceContract reference, string target) =>
        reference.Entity == target || contracts.Find(reference.Entity)!.References.Any(next => Leads(next, target));
}
