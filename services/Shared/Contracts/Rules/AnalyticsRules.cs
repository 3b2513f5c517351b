using Platform.Contracts.Reading;

namespace Platform.Contracts.Rules;

/// <summary>Analytics sums a number by a moment and by columns, all of them the entity's own.</summary>
internal static class AnalyticsRules
{
    public static IEnumerable<ContractViolation> Check(EntityDraft entity)
    {
        if (entity.Analytics is not { } analytics) return [];
        return
        [
            .. CheckColumn(entity, analytics.Measure, "an amount", ColumnType.Money, ColumnType.Number, ColumnType.Integer),
            .. CheckColumn(entity, analytics.Time, "a date or timestamp", ColumnType.Date, ColumnType.Timestamp),
            .. analytics.Dimensions.SelectMany(dimension =>
                CheckColumn(entity, dimension, "a text, integer or boolean", ColumnType.Text, ColumnType.Integer, ColumnType.Boolean)),
            .. analytics.Dimensions.GroupBy(dimension => dimension.Value).SelectMany(named => named.Skip(1)).Select(again =>
                new ContractViolation(
                    entity.File, again.Line, "duplicate", $"the dimension '{again.Value}' is there twice", "leave one of them out")),
        ];
    }

    private static IEnumerable<ContractViolation> CheckColumn(
        EntityDraft entity, Located<string> name, string kind, params ColumnType[] types)
    {
        var column = entity.Find(name.Value);
        if (column is not null && (column.Contract is null || types.Contains(column.Contract.Type))) yield break;

        var suitable = entity.Columns.Where(c => c.Contract is { } read && types.Contains(read.Type)).Select(c => c.Name.Value).ToArray();
        yield return new(
            entity.File,
            name.Line,
            "analytics-column",
            column is null ? $"'{name.Value}' is no column" : $"'{name.Value}' is not {kind}",
            suitable.Length == 0 ? $"name {kind} column"
            : column is null ? Spelling.Advise(name.Value, suitable) : Spelling.OneOf(suitable));
    }
}
