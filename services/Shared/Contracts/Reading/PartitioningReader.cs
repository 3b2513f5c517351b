using System.Globalization;

namespace Platform.Contracts.Reading;

/// <summary>Reads the custom property <c>partitioning</c>.</summary>
internal static class PartitioningReader
{
    private const int MostMonthsAhead = 24;

    public static Located<PartitioningContract>? Read(CustomProperties custom, Report report)
    {
        if (custom.Map("partitioning", OdcsFields.Partitioning, report) is not { } map) return null;
        var column = map.RequiredText("column", "write the column that decides the partition");
        map.RequiredText("interval", "write interval: month");
        map.Word("interval", "partitioning", ["month"]);
        var premake = map.Has("premake") ? map.Whole("premake", 1, MostMonthsAhead) : 3;
        return column is { } name && ReadFrom(map, report) is { } from && premake is { } months
            ? new(new(name.Value, from, months), name.Line)
            : null;
    }

    private static DateOnly? ReadFrom(MapNode map, Report report)
    {
        if (map.RequiredText("from", "write the first day of the oldest month: 2021-01-01") is not { } from) return null;
        if (DateOnly.TryParseExact(from.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Day == 1)
            return day;
        report.Add(from.Line, "partitioning", $"'{from.Value}' is not the first day of a month", "write it as 2021-01-01");
        return null;
    }
}
