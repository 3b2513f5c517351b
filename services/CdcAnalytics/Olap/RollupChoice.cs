using Platform.CdcAnalytics.Warehouse.Rollups;
using Platform.Contracts;

namespace Platform.CdcAnalytics.Olap;

/// <summary>A rollup that has everything that a question asks for.</summary>
internal sealed class RollupChoice
{
    // A period of the first is made of whole periods of the others.
    private static readonly Dictionary<string, string[]> MadeOf = new(StringComparer.Ordinal)
    {
        ["day"] = ["day"], ["week"] = ["day", "week"], ["month"] = ["day", "month"], ["quarter"] = ["day", "month", "quarter"], ["year"] = ["day", "month", "quarter", "year"],
    };

    private readonly OlapColumns _columns;

    private RollupChoice(RollupTable table, OlapColumns columns) => (Table, _columns) = (table, columns);

    public RollupTable Table { get; }

    /// <summary>The one with the fewest dimensions and the longest period; null when none has it all.</summary>
    public static RollupChoice? Of(OlapRequest request, OlapColumns columns) => columns.Rollups
        .Where(table => Has(table.Rollup, request, columns.Entity.Analytics?.Time))
        .OrderBy(table => table.Rollup.Dimensions.Count).ThenByDescending(table => table.Rollup.Time is null ? int.MaxValue : MadeOf.Keys.ToList().IndexOf(table.Rollup.Grain))
        .Select(table => new RollupChoice(table, columns)).FirstOrDefault();

    /// <summary>A dimension.</summary>
    public OlapColumn Find(string path) => _columns.Find(path) with { Sql = $"f.{RollupTable.NameOf(path)}" };

    /// <summary>A measure in the API's units, of the same type and with the same value as one over the rows.</summary>
    public string Measure(OlapMeasure measure)
    {
        if (measure.Column is not { } name) return $"CAST(coalesce(sum(f.{RollupTable.Rows}), 0) AS BIGINT)";
        var column = _columns.Find(name);
        string Kept(string function) => $"f.{RollupTable.NameOf(function, name)}";
        var values = $"sum({Kept("count")})";
        return measure.Function switch
        {
            "count" => $"CAST(coalesce({values}, 0) AS BIGINT)",
            "sum" => column.InUnits($"CASE WHEN {values} > 0 THEN sum({Kept("sum")}) END"),
            "avg" => $"CAST(sum({Kept("sum")}) AS DOUBLE) / nullif({values}, 0){(column.Contract.Scale > 0 ? $" / 1{new string('0', column.Contract.Scale)}" : "")}",
            _ => column.InUnits($"{measure.Function}({Kept(measure.Function)})"),
        };
    }

    private static bool Has(RollupContract rollup, OlapRequest request, string? usualTime) =>
        request.Dimensions.All(rollup.Dimensions.Contains)
        && request.Filters.All(filter => rollup.Dimensions.Contains(filter.Column))
        && request.Measures.All(measure => Has(rollup, measure))
        && (request.Time is not { } time || Has(rollup, time, usualTime));

    private static bool Has(RollupContract rollup, OlapTime time, string? usual) =>
        rollup.Time is { } kept && kept == (time.Column ?? usual) && MadeOf.GetValueOrDefault(time.Grain, []).Contains(rollup.Grain)
        && (rollup.Grain == "day" || (time.From is null && time.To is null));

    private static bool Has(RollupContract rollup, OlapMeasure measure) => (measure.Function, measure.Column) switch
    {
        ("count", null) => true,
        ("sum" or "avg", { } column) => rollup.Measures.Any(kept => kept.Column == column && kept.Function is "sum" or "avg"),
        ("count", { } column) => rollup.Measures.Any(kept => kept.Column == column && kept.Function is "sum" or "avg" or "count"),
        (_, { } column) => rollup.Measures.Any(kept => kept.Column == column && kept.Function == measure.Function),
        _ => false,
    };
}
