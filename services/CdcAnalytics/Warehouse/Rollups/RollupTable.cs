using Platform.CdcAnalytics.Warehouse.Star;
using Platform.CdcAnalytics.Warehouse.Storage;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Warehouse.Rollups;

/// <summary>
/// A rollup's table and the statements that keep it. What changed rows take away from their groups and add to them is gathered while a batch is applied; then the
/// groups that it touched are put together from that, or from the rows where a least or greatest value may have gone.
/// </summary>
internal sealed class RollupTable
{
    /// <summary>The column of the period, and that of the number of rows.</summary>
    public const string Period = "_period", Rows = "_rows";

    private const string Tenant = "tenant_id";

    private readonly ColumnPaths _paths;
    private readonly List<RollupColumn> _groups = [], _figures = [];

    public RollupTable(EntityContract entity, RollupContract rollup, ContractSet contracts)
    {
        (Entity, Rollup, _paths) = (entity, rollup, new(entity, contracts));
        Name = $"rollup.{EntityTable.Quote(rollup.Name)}";
        Delta = EntityTable.Quote($"delta_{rollup.Name}");
        var next = EntityTable.Quote($"next_{rollup.Name}");
        _groups.Add(new(Tenant, "VARCHAR", $"{ColumnPaths.Own}.{Tenant}"));
        if (rollup.Time is not null) _groups.Add(new(Period, "DATE", $"CAST(date_trunc('{rollup.Grain}', {Find(rollup.Time).Sql}) AS DATE)"));
        _groups.AddRange(rollup.Dimensions.Select(Find).Zip(rollup.Dimensions, (column, path) => new RollupColumn(NameOf(path), EntityTable.TypeOf(column.Contract), column.Sql)));
        _figures.Add(new(Rows, "BIGINT", "count(*)"));
        _figures.AddRange(rollup.Measures.SelectMany(Figures).DistinctBy(figure => figure.Name));
        IsAdditive = rollup.Measures.All(measure => measure.Function is not ("min" or "max"));

        var (groups, figures) = (List(_groups, column => column.Name), List(_figures, column => column.Name));
        var (groupSql, figureSql) = (List(_groups, column => column.Sql), List(_figures, column => column.Sql));
        Create = $"CREATE TABLE {Name} ({List([.. _groups, .. _figures], column => $"{column.Name} {column.Type}")})";
        Fill = $"INSERT INTO {Name} SELECT {groupSql}, {figureSql} FROM {_paths.From(EntityTable.NameOf(entity))} GROUP BY {groupSql}";
        CreateDelta = $"CREATE OR REPLACE TEMP TABLE {Delta} ({List(IsAdditive ? [.. _groups, .. _figures] : _groups, column => $"{column.Name} {column.Type}")})";
        Next = $"CREATE OR REPLACE TEMP TABLE {next} AS {(IsAdditive ? Summed(groups) : Recomputed(groups, groupSql, figures))}";
        Replace = $"""
            DELETE FROM {Name} AS r USING {next} AS n WHERE {SameGroup("r", "n")};
            INSERT INTO {Name} SELECT {groups}, {figures} FROM {next} WHERE {Rows} > 0;
            """;
        Columns = $"{groups}, {figures}";
    }

    public EntityContract Entity { get; }

    public RollupContract Rollup { get; }

    /// <summary>The quoted table.</summary>
    public string Name { get; }

    /// <summary>Its columns, quoted.</summary>
    public string Columns { get; }

    /// <summary>True when the figures are sums: what a change takes away and adds is enough to keep them.</summary>
    public bool IsAdditive { get; }

    /// <summary>The temporary table of what changes take away and add; of a rollup that is not additive, of the groups alone.</summary>
    public string Delta { get; }

    public string Create { get; }

    /// <summary>Computes all of it, when it is empty.</summary>
    public string Fill { get; }

    public string CreateDelta { get; }

    /// <summary>Puts the groups together that differ from those in the table; those without rows are gone.</summary>
    public string Next { get; }

    public string Replace { get; }

    /// <summary>The entities on whose rows a row's group depends, beside its own.</summary>
    public IEnumerable<EntityContract> Others => _paths.Joins.Select(join => join.Entity);

    /// <summary>The column of a dimension.</summary>
    public static string NameOf(string path) => EntityTable.Quote(path.Replace('.', '_'));

    /// <summary>The columns that a measure is kept in.</summary>
    public static string NameOf(string function, string column) => EntityTable.Quote($"_{function}_{column}");

    /// <summary>Notes the groups of the entity's rows, which are taken away or added.</summary>
    /// <param name="rows">What has the rows.</param>
    /// <param name="areAdded">False when they are taken away.</param>
    public string Note(string rows, bool areAdded) => Note(rows, areAdded, only: "");

    /// <summary>Finds the rows of an entity referred to of which something counts here that changes.</summary>
    /// <param name="table">The entity's tables: what changes is on its stage.</param>
    public string FindMoved(EntityTable table)
    {
        var key = EntityTable.Quote(table.Entity.Key.Name);
        var changed = string.Join(" OR ", Used(table.Entity).Select(EntityTable.Quote).Select(column => $"s.{column} IS DISTINCT FROM o.{column}"));
        return $"""
            CREATE OR REPLACE TEMP TABLE {Moved(table.Entity)} AS
            SELECT s.tenant_id, s.{key} AS key FROM {table.Merge.Stage} AS s LEFT JOIN {table.Merge.Open} AS o ON s.tenant_id = o.tenant_id AND s.{key} = o.{key}
            WHERE s._is_last AND CASE WHEN o.tenant_id IS NULL THEN s._operation <> 'd' WHEN s._operation = 'd' THEN true ELSE {(changed.Length == 0 ? "false" : changed)} END;
            """;
    }

    /// <summary>Where <see cref="FindMoved"/> has put them.</summary>
    public string Moved(EntityContract other) => EntityTable.Quote($"moved_{Rollup.Name}_{other.Name}");

    /// <summary>Notes the groups of all rows that refer to those, as they are before the change or after it.</summary>
    public string NoteReferring(EntityContract other, bool areAdded) => Note(
        EntityTable.NameOf(Entity), areAdded,
        $"\nSEMI JOIN {Moved(other)} AS m ON m.tenant_id = f.tenant_id AND m.key = {_paths.Joins.First(join => join.Entity == other).Referring}");

    private string Note(string rows, bool areAdded, string only)
    {
        var groupSql = List(_groups, column => column.Sql);
        var figures = IsAdditive ? ", " + List(_figures, column => areAdded ? column.Sql : $"-({column.Sql})") : "";
        return $"INSERT INTO {Delta} SELECT {groupSql}{figures} FROM {_paths.From(rows)}{only} GROUP BY {groupSql}";
    }

    private string Summed(string groups)
    {
        var sums = List(_figures, column => $"CAST(sum({column.Name}) AS {column.Type}) AS {column.Name}");
        var changes = string.Join(" OR ", _figures.Select(column => $"sum({column.Name}) <> 0"));
        return $"""
            SELECT {List(_groups, column => $"d.{column.Name}")}, {List(_figures, column => $"coalesce(r.{column.Name}, 0) + d.{column.Name} AS {column.Name}")}
            FROM (SELECT {groups}, {sums} FROM {Delta} GROUP BY {groups} HAVING {changes}) AS d LEFT JOIN {Name} AS r ON {SameGroup("r", "d")}
            """;
    }

    private string Recomputed(string groups, string groupSql, string figures)
    {
        var rows = $"SELECT {List(_groups, column => $"{column.Sql} AS {column.Name}")}, {List(_figures, column => $"{column.Sql} AS {column.Name}")} FROM {_paths.From(EntityTable.NameOf(Entity))}";
        var same = string.Join(" AND ", _figures.Select(column => $"r.{column.Name} IS NOT DISTINCT FROM n.{column.Name}"));
        return $"""
            WITH touched AS (SELECT DISTINCT {groups} FROM {Delta}),
            fresh AS ({rows} SEMI JOIN touched AS t ON {string.Join(" AND ", _groups.Select(column => Same(column, $"t.{column.Name}", column.Sql)))} GROUP BY {groupSql}),
            merged AS (SELECT {List(_groups, column => $"t.{column.Name}")}, coalesce(n.{Rows}, 0) AS {Rows}, {figures.Replace($"{Rows}, ", "", StringComparison.Ordinal)}
                FROM touched AS t LEFT JOIN fresh AS n ON {SameGroup("t", "n")})
            SELECT * FROM merged AS n ANTI JOIN {Name} AS r ON {SameGroup("r", "n")} AND {same}
            """;
    }

    private IEnumerable<RollupColumn> Figures(RollupMeasure measure)
    {
        var column = Find(measure.Column);
        var (sum, count) = (
            new RollupColumn(NameOf("sum", measure.Column), "HUGEINT", $"coalesce(sum({column.Sql}), 0)"), new RollupColumn(NameOf("count", measure.Column), "BIGINT", $"count({column.Sql})"));
        return measure.Function switch
        {
            // Without a value there is no sum, which only their number tells.
            "sum" or "avg" => [sum, count],
            "count" => [count],
            _ => [new(NameOf(measure.Function, measure.Column), EntityTable.TypeOf(column.Contract), $"{measure.Function}({column.Sql})")],
        };
    }

    // What of an entity referred to decides the group: dimensions and time, and the references that lead on.
    private IEnumerable<string> Used(EntityContract other) =>
        Rollup.Dimensions.Append(Rollup.Time ?? "").Where(path => path.StartsWith($"{other.Name}.", StringComparison.Ordinal)).Select(path => path[(other.Name.Length + 1)..])
            .Concat(_paths.Joins.Where(join => join.From == other).Select(join => join.Reference.Column)).Distinct(StringComparer.Ordinal);

    private (ColumnContract Contract, string Sql) Find(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var join = dot < 0 ? null : _paths.Join(path[..dot])!;
        var column = (join?.Entity ?? Entity).Find(path[(dot + 1)..])!;
        return (column, $"{join?.Alias ?? ColumnPaths.Own}.{EntityTable.Quote(column.Name)}");
    }

    private string SameGroup(string left, string right) => string.Join(" AND ", _groups.Select(column => Same(column, $"{left}.{column.Name}", $"{right}.{column.Name}")));

    // A tenant is never missing, and a plain comparison leaves out what other tenants have before it is read.
    private static string Same(RollupColumn column, string left, string right) => column.Name == Tenant ? $"{left} = {right}" : $"{left} IS NOT DISTINCT FROM {right}";

    private static string List(IEnumerable<RollupColumn> columns, Func<RollupColumn, string> text) => string.Join(", ", columns.Select(text));

    private sealed record RollupColumn(string Name, string Type, string Sql);
}
