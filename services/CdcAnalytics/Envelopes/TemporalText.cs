namespace Platform.CdcAnalytics.Envelopes;

/// <summary>
/// Postgres' ISO text of dates and times as numbers, in the proleptic Gregorian calendar. .NET's own types end at the years 1 and 9999; Postgres
/// goes further both ways.
/// </summary>
internal static class TemporalText
{
    public const long MicrosPerSecond = 1_000_000, MicrosPerDay = 86_400 * MicrosPerSecond;

    /// <summary>Reads <c>2024-02-29</c> and takes it from the text: days since 1970.</summary>
    public static long TakeDate(ref ReadOnlySpan<byte> text)
    {
        var year = TakeNumber(ref text);
        text = text[1..];
        var month = TakeNumber(ref text);
        text = text[1..];
        var day = TakeNumber(ref text);
        if (text.EndsWith(" BC"u8))
        {
            year = 1 - year;
            text = text[..^3];
        }

        return DaysFromCivil(year, month, day);
    }

    /// <summary>Reads <c>12:34:56.789</c> and takes it from the text: microseconds since midnight.</summary>
    public static long TakeTime(ref ReadOnlySpan<byte> text)
    {
        var hours = TakeNumber(ref text);
        text = text[1..];
        var minutes = TakeNumber(ref text);
        text = text[1..];
        var seconds = TakeNumber(ref text);
        var micros = 0L;
        if (text is [(byte)'.', ..])
        {
            text = text[1..];
            var digits = 0;
            while (digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9') micros = (micros * 10) + (text[digits++] - '0');
            text = text[digits..];
            for (; digits < 6; digits++) micros *= 10;
        }

        return (((((hours * 60) + minutes) * 60) + seconds) * MicrosPerSecond) + micros;
    }

    /// <summary>Reads a distance from UTC, <c>+02</c> or <c>-03:30</c>, and takes it from the text: seconds.</summary>
    public static long TakeOffset(ref ReadOnlySpan<byte> text)
    {
        var sign = text[0] == (byte)'-' ? -1 : 1;
        text = text[1..];
        var seconds = TakeNumber(ref text) * 3600;
        for (var unit = 60; text is [(byte)':', ..]; unit /= 60)
        {
            text = text[1..];
            seconds += TakeNumber(ref text) * unit;
        }

        return sign * seconds;
    }

    /// <summary>Year, month and day of a number of days since 1970.</summary>
    public static (long Year, int Month, int Day) CivilFromDays(long days)
    {
        // Eras of 400 years repeat; a year here begins in March, so that the leap day is its last.
        days += 719_468;
        var era = (days >= 0 ? days : days - 146_096) / 146_097;
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1));
    }

    private static long DaysFromCivil(long year, long month, long day)
    {
        year -= month <= 2 ? 1 : 0;
        var era = (year >= 0 ? year : year - 399) / 400;
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }

    private static long TakeNumber(ref ReadOnlySpan<byte> text)
    {
        var (number, i) = (0L, 0);
        while (i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9') number = (number * 10) + (text[i++] - '0');
        text = text[i..];
        return number;
    }
}
