using System.Buffers.Binary;
using System.Globalization;

namespace Platform.CdcAnalytics.Envelopes;

/// <summary>Dates as days since 1970.</summary>
internal sealed class DateWriter : ValueWriter
{
    // Days between Postgres' epoch, 2000, and 1970. Its infinities are the ends of the 32-bit range, and run over as they are moved.
    private const int Epoch = 10_957;

    public override string ConnectType => "int32";

    public override string SchemaName => "io.debezium.time.Date";

    public override ReadOnlySpan<byte> Missing => "0"u8;

    public override bool ReadsBinary => true;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        if (text[0] == (byte)'i') json.Number(unchecked(int.MaxValue + Epoch));
        else if (text[0] == (byte)'-') json.Number(int.MinValue + Epoch);
        else json.Number(TemporalText.TakeDate(ref text));
    }

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value) => json.Number(unchecked(BinaryPrimitives.ReadInt32BigEndian(value) + Epoch));
}

/// <summary>Times of day: milliseconds up to three digits of a second, microseconds beyond.</summary>
internal sealed class TimeWriter(int digits) : ValueWriter
{
    public override string ConnectType => digits <= 3 ? "int32" : "int64";

    public override string SchemaName => digits <= 3 ? "io.debezium.time.Time" : "io.debezium.time.MicroTime";

    public override ReadOnlySpan<byte> Missing => "0"u8;

    public override bool ReadsBinary => true;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text) => Write(json, TemporalText.TakeTime(ref text));

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value) => Write(json, BinaryPrimitives.ReadInt64BigEndian(value));

    private void Write(JsonBuffer json, long micros) => json.Number(digits <= 3 ? micros / 1000 : micros);
}

/// <summary>Times of day with a distance from UTC, moved to UTC: <c>08:00:00Z</c>.</summary>
internal sealed class TimeWithZoneWriter : ValueWriter
{
    public override string ConnectType => "string";

    public override string SchemaName => "io.debezium.time.ZonedTime";

    public override ReadOnlySpan<byte> Missing => "\"00:00:00Z\""u8;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        var micros = TemporalText.TakeTime(ref text);
        micros -= TemporalText.TakeOffset(ref text) * TemporalText.MicrosPerSecond;
        micros = ((micros % TemporalText.MicrosPerDay) + TemporalText.MicrosPerDay) % TemporalText.MicrosPerDay;
        json.Raw((byte)'"');
        IsoText.Time(json, micros, digits: micros % TemporalText.MicrosPerSecond == 0 ? 0 : 6);
        json.Raw("Z\""u8);
    }
}

/// <summary>Points in time without a zone, as a number since 1970: milliseconds up to three digits of a second, microseconds beyond.</summary>
internal sealed class TimestampWriter(int digits) : ValueWriter
{
    // Microseconds between 1970 and Postgres' epoch.
    internal const long Epoch = 946_684_800_000_000;

    // What the Java driver makes of Postgres' infinities.
    private const long PositiveInfinity = 9_223_372_036_825_200_000, NegativeInfinity = -9_223_372_036_832_400_000;

    public override string ConnectType => "int64";

    public override string SchemaName => digits <= 3 ? "io.debezium.time.Timestamp" : "io.debezium.time.MicroTimestamp";

    public override ReadOnlySpan<byte> Missing => "0"u8;

    public override bool ReadsBinary => true;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        if (text[0] == (byte)'i') json.Number(PositiveInfinity);
        else if (text[0] == (byte)'-') json.Number(NegativeInfinity);
        else Write(json, TakeMicros(text));
    }

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value)
    {
        var micros = BinaryPrimitives.ReadInt64BigEndian(value);
        if (micros == long.MaxValue) json.Number(PositiveInfinity);
        else if (micros == long.MinValue) json.Number(NegativeInfinity);
        else Write(json, micros + Epoch);
    }

    /// <summary>Reads <c>2024-02-29 12:34:56.789</c>: microseconds since 1970.</summary>
    private static long TakeMicros(ReadOnlySpan<byte> text)
    {
        var isBeforeChrist = text.EndsWith(" BC"u8);
        var space = text.IndexOf((byte)' ');
        var time = text[(space + 1)..];
        ReadOnlySpan<byte> date = isBeforeChrist ? [.. text[..space], .. " BC"u8] : text[..space];
        return (TemporalText.TakeDate(ref date) * TemporalText.MicrosPerDay) + TemporalText.TakeTime(ref time);
    }

    private void Write(JsonBuffer json, long micros) => json.Number(digits <= 3 ? (long)Math.Floor(micros / 1000m) : micros);
}

/// <summary>Points in time, in UTC: <c>2024-02-29T10:34:56.789012Z</c>.</summary>
internal sealed class TimestampWithZoneWriter(int digits) : ValueWriter
{
    public override string ConnectType => "string";

    public override string SchemaName => "io.debezium.time.ZonedTimestamp";

    public override ReadOnlySpan<byte> Missing => "\"1970-01-01T00:00:00Z\""u8;

    public override bool ReadsBinary => true;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        // The session's zone is UTC, so the text is the point in time already: 2024-02-29 10:34:56.789+00.
        if (text.Length >= 22 && text[^3] == (byte)'+' && text[10] == (byte)' ') WriteAsItStands(json, text[..^3]);
        else if (text[0] is (byte)'i' or (byte)'-') json.Text(text);
        else WriteFarAway(json, text);
    }

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value)
    {
        var micros = BinaryPrimitives.ReadInt64BigEndian(value);
        if (micros == long.MaxValue) json.Raw("\"infinity\""u8);
        else if (micros == long.MinValue) json.Raw("\"-infinity\""u8);
        else Write(json, micros + TimestampWriter.Epoch);
    }

    private void WriteAsItStands(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        json.Raw((byte)'"');
        json.Raw(text[..10]);
        json.Raw((byte)'T');
        json.Raw(text[11..19]);
        var fraction = text.Length > 20 ? text[20..] : default;
        if (digits > 0)
        {
            json.Raw((byte)'.');
            json.Raw(fraction);
            for (var i = fraction.Length; i < digits; i++) json.Raw((byte)'0');
        }

        json.Raw("Z\""u8);
    }

    private void WriteFarAway(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        var isBeforeChrist = text.EndsWith(" BC"u8);
        var space = text.IndexOf((byte)' ');
        var time = text[(space + 1)..];
        ReadOnlySpan<byte> date = isBeforeChrist ? [.. text[..space], .. " BC"u8] : text[..space];
        Write(json, (TemporalText.TakeDate(ref date) * TemporalText.MicrosPerDay) + TemporalText.TakeTime(ref time));
    }

    private void Write(JsonBuffer json, long micros)
    {
        var (days, rest) = Math.DivRem(micros, TemporalText.MicrosPerDay);
        if (rest < 0) (days, rest) = (days - 1, rest + TemporalText.MicrosPerDay);
        json.Raw((byte)'"');
        IsoText.Date(json, days);
        json.Raw((byte)'T');
        IsoText.Time(json, rest, digits);
        json.Raw("Z\""u8);
    }
}

/// <summary>Intervals as microseconds, a month counted as a twelfth of 365.25 days.</summary>
internal sealed class IntervalWriter : ValueWriter
{
    private const double DaysPerMonth = 365.25 / 12;

    public override string ConnectType => "int64";

    public override string SchemaName => "io.debezium.time.MicroDuration";

    public override ReadOnlySpan<byte> Missing => "0"u8;

    public override bool ReadsBinary => true;

    // 1 year 2 mons -3 days 04:05:06.5
    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        long months = 0, days = 0, micros = 0;
        foreach (var range in text.Split((byte)' '))
        {
            var part = text[range];
            if (part.IndexOf((byte)':') >= 0)
            {
                var negative = part[0] == (byte)'-';
                var time = part[0] is (byte)'-' or (byte)'+' ? part[1..] : part;
                micros = TemporalText.TakeTime(ref time) * (negative ? -1 : 1);
            }
            else if (part[0] is (byte)'-' or (byte)'+' or (>= (byte)'0' and <= (byte)'9'))
            {
                var number = long.Parse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                var unit = text[(range.End.GetOffset(text.Length) + 1)..];
                if (unit.StartsWith("year"u8)) months += number * 12;
                else if (unit.StartsWith("mon"u8)) months += number;
                else days += number;
            }
        }

        Write(json, months, days, micros);
    }

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value) => Write(
        json, BinaryPrimitives.ReadInt32BigEndian(value[12..]), BinaryPrimitives.ReadInt32BigEndian(value[8..]), BinaryPrimitives.ReadInt64BigEndian(value));

    private static void Write(JsonBuffer json, long months, long days, long micros) =>
        json.Number((long)(((months * DaysPerMonth) + days) * TemporalText.MicrosPerDay) + micros);
}

/// <summary>Dates and times as ISO 8601 writes them.</summary>
internal static class IsoText
{
    public static void Date(JsonBuffer json, long days)
    {
        var (year, month, day) = TemporalText.CivilFromDays(days);
        if (year is < 0 or > 9999) json.Raw(year < 0 ? (byte)'-' : (byte)'+');
        Digits(json, Math.Abs(year), 4);
        json.Raw((byte)'-');
        Digits(json, month, 2);
        json.Raw((byte)'-');
        Digits(json, day, 2);
    }

    public static void Time(JsonBuffer json, long micros, int digits)
    {
        var seconds = micros / TemporalText.MicrosPerSecond;
        Digits(json, seconds / 3600, 2);
        json.Raw((byte)':');
        Digits(json, seconds / 60 % 60, 2);
        json.Raw((byte)':');
        Digits(json, seconds % 60, 2);
        if (digits == 0) return;
        json.Raw((byte)'.');
        var fraction = micros % TemporalText.MicrosPerSecond;
        for (var i = digits; i < 6; i++) fraction /= 10;
        Digits(json, fraction, digits);
    }

    private static void Digits(JsonBuffer json, long number, int least)
    {
        var digits = 1;
        for (var left = number; left > 9; left /= 10) digits++;
        for (; digits < least; digits++) json.Raw((byte)'0');
        json.Number(number);
    }
}
