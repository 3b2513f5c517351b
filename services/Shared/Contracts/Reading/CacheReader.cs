using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Contracts.Reading;

/// <summary>Reads the custom property <c>cache</c>.</summary>
internal static partial class CacheReader
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromDays(7);

    public static CacheContract? Read(CustomProperties custom, Report report)
    {
        if (custom.Map("cache", OdcsFields.Cache, report) is not { } map) return null;
        if (map.RequiredText("ttl", "write how long a row is kept: 60s") is not { } ttl) return null;
        if (Parse(ttl.Value) is { } time && time >= Shortest && time <= Longest) return new(time);
        report.Add(ttl.Line, "cache-ttl", $"'{ttl.Value}' is no time from 1s to 7d", "write a whole number and one of s, m, h, d: 60s");
        return null;
    }

    private static TimeSpan? Parse(string text)
    {
        if (Duration().Match(text) is not { Success: true } match) return null;
        var number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => TimeSpan.FromDays(number),
        };
    }

    [GeneratedRegex("^(?<number>[0-9]{1,6})(?<unit>[smhd])$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();
}
