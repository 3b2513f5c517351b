using Platform.Contracts.Reading;

namespace Platform.Contracts.Rules;

/// <summary>
/// A rollup has a name of its own, measures the entity's columns, and divides them by its columns or those of entities that it refers to.
/// </summary>
internal static class RollupRules
{
    private static readonly ColumnType[]
        Times = [ColumnType.Date, ColumnType.Timestamp],
        Dimensions = [ColumnType.Text, ColumnType.Integer, ColumnType.Boolean, ColumnType.Date, ColumnType.Uuid],
        // Fractions add up to something else in another order, so they could not be compared with what is computed anew.
        Sums = [ColumnType.Integer, ColumnType.Money],
        Extremes = [ColumnType.Integer, ColumnType.Money, ColumnType.Number, ColumnType.Date, ColumnType.Timestamp];

    /// <summary>Checks all entities together, for a path leads from one to others.</summary>
    public static IEnumerable<ContractViolation> Check(IReadOnlyList<EntityDraft> entities)
    {
        foreach (var (entity, rollup) in entities.SelectMany(entity => entity.Rollups.Select(rollup => (entity, rollup))))
        {
            foreach (var violation in NameRules.CheckEntity(entity.File, rollup.Name)) yield return violation;
            foreach (var violation in CheckTime(entities, entity, rollup)) yield return violation;
            foreach (var violation in rollup.Dimensions.SelectMany(dimension => CheckColumn(entities, entity, dimension, "a text, integer, boolean, date or uuid", Dimensions)))
                yield return violation;
            foreach (var violation in rollup.Measures.SelectMany(measure => CheckMeasure(entities, entity, measure))) yield return violation;
            foreach (var again in Repeated(rollup.Dimensions, dimension => dimension.Value.Replace('.', '_')))
                yield return new(entity.File, again.Line, "duplicate", $"the dimension '{again.Value}' is there twice", "leave one of them out");
            foreach (var (function, again) in Repeated(rollup.Measures, measure => $"{measure.Function} {measure.Column.Value}"))
                yield return new(entity.File, again.Line, "duplicate", $"the {function} of '{again.Value}' is there twice", "leave one of them out");
        }

        foreach (var (entity, rollup) in Repeated(
            [.. entities.SelectMany(entity => entity.Rollups.Select(rollup => (Entity: entity, Rollup: rollup)))], named => named.Rollup.Name.Value))
            yield return new(entity.File, rollup.Name.Line, "duplicate", $"another rollup is called '{rollup.Name.Value}' too", "write another name");
    }

    private static IEnumerable<ContractViolation> CheckTime(IReadOnlyList<EntityDraft> entities, EntityDraft entity, RollupDraft rollup)
    {
        if (rollup is { HasTime: false, Time: { } idle })
            return [new(entity.File, idle.Line, "rollup-grain", $"a rollup of the grain '{rollup.Grain.Value}' has no use for '{idle.Value}'", "write a grain such as day, or leave 'time' out")];
        if (!rollup.HasTime) return [];
        if ((rollup.Time ?? entity.Analytics?.Time) is { } time) return CheckColumn(entities, entity, time, "a date or timestamp", Times);
        return [new(entity.File, rollup.Name.Line, "missing-field", $"the rollup '{rollup.Name.Value}' needs 'time'", "write the column that gives a row its day, or grain: none")];
    }

    private static IEnumerable<ContractViolation> CheckMeasure(IReadOnlyList<EntityDraft> entities, EntityDraft entity, (string Function, Located<string> Column) measure) =>
        measure.Column.Value.Contains('.', StringComparison.Ordinal)
            ? [new(entity.File, measure.Column.Line, "rollup-column", $"'{measure.Column.Value}' is not the entity's own", "measure a column of this entity")]
            : measure.Function switch
            {
                "sum" or "avg" => CheckColumn(entities, entity, measure.Column, "an integer or money", Sums),
                "min" or "max" => CheckColumn(entities, entity, measure.Column, "a number, date or timestamp", Extremes),
                _ => CheckColumn(entities, entity, measure.Column, "a column", Enum.GetValues<ColumnType>()),
            };

    private static IEnumerable<ContractViolation> CheckColumn(
        IReadOnlyList<EntityDraft> entities, EntityDraft entity, Located<string> path, string kind, ColumnType[] types)
    {
        var dot = path.Value.IndexOf('.', StringComparison.Ordinal);
        var (reached, isComplete) = Reached(entities, entity);
        var owner = dot < 0 ? entity : reached.Find(other => other.Name.Value == path.Value[..dot]);
        if (owner is null)
        {
            // A reference that names no entity has been reported; what is beyond it is not known.
            if (!isComplete) yield break;
            string[] others = [.. reached.Select(other => other.Name.Value)];
            yield return new(entity.File, path.Line, "rollup-column", $"'{entity.Name.Value}' does not refer to '{path.Value[..dot]}'",
                others.Length == 0 ? "write a column of this entity" : Spelling.Advise(path.Value[..dot], others));
            yield break;
        }

        var column = owner.Find(path.Value[(dot + 1)..]);
        if (column is not null && (column.Contract is null || types.Contains(column.Contract.Type))) yield break;
        string[] suitable = [.. owner.Columns.Where(c => c.Contract is { } read && types.Contains(read.Type)).Select(c => path.Value[..(dot + 1)] + c.Name.Value)];
        yield return new(
            entity.File, path.Line, "rollup-column", column is null ? $"'{path.Value}' is no column" : $"'{path.Value}' is not {kind}",
            suitable.Length == 0 ? $"name {kind} column" : column is null ? Spelling.Advise(path.Value, suitable) : Spelling.OneOf(suitable));
    }

    private static (List<EntityDraft> Entities, bool IsComplete) Reached(IReadOnlyList<EntityDraft> entities, EntityDraft from)
    {
        List<EntityDraft> reached = [];
        var isComplete = true;
        Follow(from);
        return (reached, isComplete);

        void Follow(EntityDraft entity)
        {
            foreach (var target in entity.Columns.Select(column => column.Reference).OfType<Located<string>>().Select(reference => reference.Value.Split('.')[0]))
            {
                var next = entities.FirstOrDefault(other => other.Name.Value == target);
                isComplete &= next is not null;
                if (next is null || reached.Contains(next)) continue;
                reached.Add(next);
                Follow(next);
            }
        }
    }

    private static IEnumerable<T> Repeated<T>(IReadOnlyList<T> items, Func<T, string> name) =>
        items.GroupBy(name, StringComparer.Ordinal).SelectMany(named => named.Skip(1));
}
