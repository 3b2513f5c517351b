using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Star;

/// <summary>A table that is joined because a row refers to its row.</summary>
/// <param name="Entity">The entity referred to.</param>
/// <param name="Alias">What its rows are called.</param>
/// <param name="From">The entity that refers to it.</param>
/// <param name="Reference">How.</param>
/// <param name="Referring">The referring column in SQL.</param>
internal sealed record ColumnJoin(EntityContract Entity, string Alias, EntityContract From, ReferenceContract Reference, string Referring)
{
    public string Sql => $"""

        LEFT JOIN {EntityTable.NameOf(Entity)} AS {Alias} ON {Alias}.tenant_id = {ColumnPaths.Own}.tenant_id AND {Alias}.{EntityTable.Quote(Reference.TargetColumn)} = {Referring}
        """;
}
