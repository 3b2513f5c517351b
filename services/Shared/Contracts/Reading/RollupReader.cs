namespace Platform.Contracts.Reading;

/// <summary>Reads the custom property <c>rollups</c>.</summary>
internal static class RollupReader
{
    private static readonly string[]
        Grains = ["day", "week", "month", "quarter", "year", RollupDraft.NoGrain],
        Functions = ["sum", "count", "min", "max", "avg"];

    public static IReadOnlyList<RollupDraft> Read(CustomProperties custom, Report report) =>
        [.. custom.Maps("rollups", OdcsFields.Rollup).Select(map => Read(map, report)).OfType<RollupDraft>()];

    private static RollupDraft? Read(MapNode map, Report report)
    {
        var grain = map.Has("grain") ? map.Word("grain", "rollup-grain", Grains) : new("day", map.Line);
        var measures = map.Maps("measures", OdcsFields.RollupMeasure).Select(measure => ReadMeasure(measure, report)).ToList();
        return map.RequiredText("name", "write a name that no other rollup has: sales_by_day") is { } name && grain is { } period
            ? new(name, map.Text("time"), period, map.Texts("dimensions"), [.. measures.Where(measure => measure is not null).Select(measure => measure!.Value)])
            : null;
    }

    private static (string Function, Located<string> Column)? ReadMeasure(MapNode map, Report report)
    {
        var column = map.RequiredText("column", "write the column; the number of rows is always there");
        if (map.RequiredText("function", Spelling.OneOf(Functions)) is not { } function) return null;
        if (function.Value == "distinct")
        {
            report.Add(function.Line, "rollup-measure", "different values of several groups do not add up", "leave it out: a question for it is answered from the rows");
            return null;
        }

        return map.Word("function", "rollup-measure", Functions) is { } known && column is { } of ? (known.Value, of) : null;
    }
}
