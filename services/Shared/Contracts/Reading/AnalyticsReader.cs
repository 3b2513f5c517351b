namespace Platform.Contracts.Reading;

/// <summary>Reads the custom property <c>analytics</c>.</summary>
internal static class AnalyticsReader
{
    public static AnalyticsDraft? Read(CustomProperties custom, Report report)
    {
        if (custom.Map("analytics", OdcsFields.Analytics, report) is not { } map) return null;
        var measure = map.RequiredText("measure", "write the column that is summed");
        var time = map.RequiredText("time", "write the column that gives a row its day");
        return measure is { } summed && time is { } day ? new(summed, day, map.Texts("dimensions")) : null;
    }
}
