namespace Platform.Contracts.Reading;

/// <summary>
/// Reads the entry <c>retention</c> of <c>slaProperties</c>. A month is 30 days and a year 365, as periods of keeping are counted.
/// </summary>
internal static class RetentionReader
{
    private const int MostUnits = 36_500;

    private static readonly Dictionary<string, int> DaysOfUnit = new(StringComparer.Ordinal)
    {
        ["d"] = 1, ["day"] = 1, ["days"] = 1,
        ["mo"] = 30, ["month"] = 30, ["months"] = 30,
        ["y"] = 365, ["yr"] = 365, ["year"] = 365, ["years"] = 365,
    };

    public static Located<TimeSpan>? Read(MapNode document, string entity, Report report)
    {
        Located<TimeSpan>? retention = null;
        foreach (var entry in document.Maps("slaProperties", OdcsFields.ServiceLevel))
        {
            var property = entry.RequiredText("property", "write the promise's name: retention, latency, frequency ...");
            if (!entry.Has("value"))
                report.Add(entry.Line, "missing-field", "an entry of slaProperties needs 'value'", "write what is promised");
            if (property?.Value != "retention" || !entry.Has("value")) continue;

            if (retention is not null) report.Add(entry.Line, "duplicate", "'retention' is written twice", "leave one of them out");
            CheckElement(entry, entity, report);
            if (ReadPeriod(entry, report) is { } period) retention = new(period, entry.Line);
        }

        return retention;
    }

    private static TimeSpan? ReadPeriod(MapNode entry, Report report)
    {
        var number = entry.Whole("value", 1, MostUnits);
        if (!entry.Has("unit")) report.Add(entry.Line, "retention", "'retention' needs 'unit'", Spelling.OneOf(DaysOfUnit.Keys));
        if (entry.Word("unit", "retention", DaysOfUnit.Keys) is not { } unit || number is not { } units) return null;
        return TimeSpan.FromDays((long)units * DaysOfUnit[unit.Value]);
    }

    private static void CheckElement(MapNode entry, string entity, Report report)
    {
        if (entry.Text("element") is not { } element || element.Value == entity) return;
        report.Add(
            element.Line, "retention", $"'retention' is about '{element.Value}'",
            $"write {entity} or leave it out: whole rows are kept or removed");
    }
}
