using System.Globalization;
using Platform.CdcAnalytics.Warehouse.Rollups;
using Platform.CdcAnalytics.Warehouse.Storage;

namespace Platform.CdcAnalytics.Olap;

/// <summary>A question as SQL, with its values apart.</summary>
internal sealed class OlapStatement
{
    private static readonly string[] Grains = ["day", "week", "month", "quarter", "year"];

    private static readonly Dictionary<string, string> Operators = new(StringComparer.Ordinal)
    {
        ["eq"] = "=", ["ne"] = "<>", ["lt"] = "<", ["le"] = "<=", ["gt"] = ">", ["ge"] = ">=",
    };

    private readonly OlapColumns _columns;
    private readonly List<(string Name, object Value)> _parameters = [];
    private RollupChoice? _rollup;

    private OlapStatement(OlapColumns columns, string tenant)
    {
        _columns = columns;
        _parameters.Add(("tenant", tenant));
    }

    public string Sql { get; private set; } = "";

    /// <summary>The rollup that answers; null when the rows themselves do.</summary>
    public string? Rollup => _rollup?.Table.Rollup.Name;

    public IReadOnlyList<(string Name, object Value)> Parameters => _parameters;

    /// <summary>Makes the statement of a question.</summary>
    /// <exception cref="OlapException">It cannot be asked.</exception>
    public static OlapStatement Of(OlapRequest request, OlapColumns columns, string tenant, int largestAnswer)
    {
        var statement = new OlapStatement(columns, tenant);
        statement.Aggregate(request, largestAnswer);
        return statement;
    }

    /// <summary>Makes the statement that reads the rows behind a figure.</summary>
    /// <exception cref="OlapException">It cannot be asked.</exception>
    public static OlapStatement Of(DrillRequest request, OlapColumns columns, string tenant, int largestAnswer)
    {
        var statement = new OlapStatement(columns, tenant);
        var key = columns.Find(columns.Entity.Key.Name);
        var where = statement.Conditions(request.Filters);
        if (request.After is { } after) where += $" AND {key.Sql} > {statement.Value(key, after)}";
        var selected = columns.Entity.Columns.Select(column => columns.Find(column.Name)).Select(column => $"{column.InUnits(column.Sql)} AS {EntityTable.Quote(column.Contract.Name)}");
        statement.Sql = $"SELECT {string.Join(", ", selected)} FROM {columns.From} WHERE {where} ORDER BY {key.Sql} LIMIT {Math.Clamp(request.Limit, 1, largestAnswer)}";
        return statement;
    }

    private void Aggregate(OlapRequest request, int largestAnswer)
    {
        _rollup = RollupChoice.Of(request, _columns);
        if (request.Measures.Count == 0) throw new OlapException("Write at least one measure.");
        List<(string Name, string Sql)> groups = [];
        var where = Conditions(request.Filters);
        if (request.Time is { } time) groups.Add(("period", Period(time, ref where)));
        groups.AddRange(request.Dimensions.Select(name => (Name: name.Replace('.', '_'), Find(name))).Select(d => (d.Name, d.Item2.InUnits(d.Item2.Sql))));
        var measures = request.Measures.Select(measure => (measure.Name, Sql: Measure(measure))).ToList();
        var names = groups.Concat(measures).Select(field => field.Name).ToList();
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count) throw new OlapException("A measure or dimension is written twice.");

        var fields = string.Join(", ", groups.Concat(measures).Select(field => $"{field.Sql} AS {EntityTable.Quote(field.Name)}"));
        var (level, by) = Grouping(request.Grouping, groups);
        Sql = $"SELECT {fields}{level} FROM {(_rollup is null ? _columns.From : $"{_rollup.Table.Name} AS f")} WHERE {where}{by}";
        if (request.Compare is { } compare) names.AddRange(Compare(compare, request, groups, measures));
        Sql = $"SELECT * FROM ({Sql}) AS answer ORDER BY {Order(request.Order, names, groups)} LIMIT {Math.Clamp(request.Limit ?? largestAnswer, 1, largestAnswer)}";
    }

    private static (string Level, string By) Grouping(string grouping, List<(string Name, string Sql)> groups)
    {
        var list = string.Join(", ", groups.Select(group => group.Sql));
        return grouping switch
        {
            "plain" => ("", groups.Count == 0 ? "" : $" GROUP BY {list}"),
            // Which of the dimensions a subtotal leaves out: a null alone may be a value.
            "rollup" or "cube" when groups.Count > 0 => ($", grouping({list}) AS left_out", $" GROUP BY {(grouping == "cube" ? "CUBE" : "ROLLUP")} ({list})"),
            "rollup" or "cube" => throw new OlapException($"A {grouping} needs dimensions or time."),
            _ => throw new OlapException($"'{grouping}' is no grouping; write plain, rollup or cube."),
        };
    }

    private List<string> Compare(string compare, OlapRequest request, List<(string Name, string Sql)> groups, List<(string Name, string Sql)> measures)
    {
        if (request.Time is null || request.Grouping != "plain") throw new OlapException("A comparison needs time and plain grouping.");
        var step = compare switch
        {
            "previous" => request.Time.Grain == "quarter" ? "3 months" : $"1 {request.Time.Grain}",
            "year" => "1 year",
            _ => throw new OlapException($"'{compare}' is no comparison; write previous or year."),
        };
        var same = string.Join(" AND ", groups.Skip(1).Select(g => EntityTable.Quote(g.Name)).Select(g => $"q.{g} IS NOT DISTINCT FROM b.{g}").Prepend($"b.period = CAST(q.period - INTERVAL '{step}' AS DATE)"));
        var before = measures.Select(m => (m.Name, Before: $"{m.Name}_before")).ToList();
        Sql = $"""
            WITH q AS ({Sql}) SELECT q.*, {string.Join(", ", before.Select(m => $"b.{EntityTable.Quote(m.Name)} AS {EntityTable.Quote(m.Before)}"))} FROM q LEFT JOIN q AS b ON {same}
            """;
        return [.. before.Select(m => m.Before)];
    }

    private static string Order(string? order, List<string> names, List<(string Name, string Sql)> groups)
    {
        if (string.IsNullOrEmpty(order)) return groups.Count == 0 ? "ALL" : string.Join(", ", groups.Select(g => $"{EntityTable.Quote(g.Name)} NULLS LAST"));
        var (name, direction) = order[0] == '-' ? (order[1..], "DESC") : (order, "ASC");
        if (!names.Contains(name)) throw new OlapException($"The answer has no '{name}' to sort by; it has {string.Join(", ", names)}.");
        // Rows that are equal by it come in a fixed order, so that an answer is the same each time.
        return string.Join(", ", groups.Select(g => EntityTable.Quote(g.Name)).Prepend($"{EntityTable.Quote(name)} {direction} NULLS LAST"));
    }

    private string Measure(OlapMeasure measure)
    {
        if (_rollup is not null) return _rollup.Measure(measure);
        if (measure.Column is null) return measure.Function == "count" ? "count(*)" : throw new OlapException($"'{measure.Function}' needs a column.");
        var column = _columns.Find(measure.Column);
        if (measure.Function is "sum" or "avg" && !column.IsNumber) throw new OlapException($"{measure.Column} has no {measure.Function}: it is no number.");
        return measure.Function switch
        {
            "count" => $"count({column.Sql})",
            "distinct" => $"count(DISTINCT {column.Sql})",
            "avg" => column.Contract.Scale > 0 ? $"avg({column.Sql}) / 1{new string('0', column.Contract.Scale)}" : $"avg({column.Sql})",
            "sum" or "min" or "max" => column.InUnits($"{measure.Function}({column.Sql})"),
            _ => throw new OlapException($"'{measure.Function}' is no function; write count, sum, avg, min, max or distinct."),
        };
    }

    private string Period(OlapTime time, ref string where)
    {
        if (!Grains.Contains(time.Grain)) throw new OlapException($"'{time.Grain}' is no grain; write {string.Join(", ", Grains)}.");
        var name = time.Column ?? _columns.Entity.Analytics?.Time ?? throw new OlapException($"The contract of {_columns.Entity.Name} names no time; write the column.");
        var column = _rollup is null ? _columns.Find(name) : _columns.Find(name) with { Sql = $"f.{RollupTable.Period}" };
        if (!column.IsTime) throw new OlapException($"{name} is no date or timestamp.");
        var day = $"CAST({column.Sql} AS DATE)";
        if (time.From is { } from) where += $" AND {day} >= CAST({Add(from.ToString("O", CultureInfo.InvariantCulture))} AS DATE)";
        if (time.To is { } to) where += $" AND {day} <= CAST({Add(to.ToString("O", CultureInfo.InvariantCulture))} AS DATE)";
        return $"CAST(date_trunc('{time.Grain}', {column.Sql}) AS DATE)";
    }

    private string Conditions(IReadOnlyList<OlapFilter> filters) =>
        string.Join(" AND ", filters.Select(Condition).Prepend("f.tenant_id = $tenant"));

    private string Condition(OlapFilter filter)
    {
        var column = Find(filter.Column);
        return filter.Operator switch
        {
            "null" => $"{column.Sql} IS NULL",
            "in" when filter.Values.Count is > 0 and <= 1000 => $"{column.InUnits(column.Sql)} IN ({string.Join(", ", filter.Values.Select(value => Value(column, value)))})",
            "in" => throw new OlapException($"The condition on {filter.Column} needs 1 to 1,000 values."),
            _ when !Operators.ContainsKey(filter.Operator) => throw new OlapException($"'{filter.Operator}' is no operator; write {string.Join(", ", Operators.Keys)}, in or null."),
            _ when filter.Values.Count != 1 => throw new OlapException($"The condition on {filter.Column} needs one value."),
            _ => $"{column.InUnits(column.Sql)} {Operators[filter.Operator]} {Value(column, filter.Values[0])}",
        };
    }

    private OlapColumn Find(string name) => _rollup is null ? _columns.Find(name) : _rollup.Find(name);

    private string Value(OlapColumn column, string value) => $"CAST({Add(value)} AS {column.SqlType})";

    private string Add(object value)
    {
        var name = $"p{_parameters.Count}";
        _parameters.Add((name, value));
        return $"${name}";
    }
}
