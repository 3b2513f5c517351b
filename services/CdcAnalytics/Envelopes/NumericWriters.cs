using System.Globalization;
using System.Numerics;
using System.Text;

namespace Platform.CdcAnalytics.Envelopes;

/// <summary>
/// Exact decimals of a fixed scale, as Kafka Connect's <c>Decimal</c>: base64 of the unscaled number, big-endian in two's complement.
/// </summary>
internal sealed class DecimalWriter(int scale, int? precision) : ValueWriter
{
    public override string ConnectType => "bytes";

    public override string SchemaName => "org.apache.kafka.connect.data.Decimal";

    public override IReadOnlyList<(string Name, string Value)> Parameters => precision is { } digits
        ? [("scale", scale.ToString(CultureInfo.InvariantCulture)), ("connect.decimal.precision", digits.ToString(CultureInfo.InvariantCulture))]
        : [("scale", scale.ToString(CultureInfo.InvariantCulture))];

    public override ReadOnlySpan<byte> Missing => "\"AA==\""u8;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        if (Unscaled.TryParse(text, scale, out var unscaled)) Unscaled.Write(json, unscaled);
        else json.Null();
    }
}

/// <summary>Exact decimals whose scale is the value's own: a struct of scale and unscaled number.</summary>
internal sealed class VariableScaleDecimalWriter : ValueWriter
{
    public override string ConnectType => "struct";

    public override string SchemaName => "io.debezium.data.VariableScaleDecimal";

    public override string SchemaMembers =>
        ""","fields":[{"type":"int32","optional":false,"field":"scale"},{"type":"bytes","optional":false,"field":"value"}]""";

    public override ReadOnlySpan<byte> Missing => """{"scale":0,"value":"AA=="}"""u8;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        var point = text.IndexOf((byte)'.');
        var scale = point < 0 ? 0 : text.Length - point - 1;
        if (!Unscaled.TryParse(text, scale, out var unscaled))
        {
            json.Null();
            return;
        }

        json.Raw("{\"scale\":"u8);
        json.Number(scale);
        json.Raw(",\"value\":"u8);
        Unscaled.Write(json, unscaled);
        json.Raw((byte)'}');
    }
}

/// <summary>Amounts of the type <c>money</c>, which Postgres writes with a currency sign and separators, as decimals with two digits.</summary>
internal sealed class MoneyWriter : ValueWriter
{
    private const int Scale = 2;

    public override string ConnectType => "bytes";

    public override string SchemaName => "org.apache.kafka.connect.data.Decimal";

    public override IReadOnlyList<(string Name, string Value)> Parameters => [("scale", "2")];

    public override ReadOnlySpan<byte> Missing => "\"AA==\""u8;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        Span<byte> number = stackalloc byte[text.Length];
        var length = 0;
        foreach (var letter in text)
        {
            if (letter is (>= (byte)'0' and <= (byte)'9') or (byte)'.' or (byte)'-') number[length++] = letter;
        }

        if (Unscaled.TryParse(number[..length], Scale, out var unscaled)) Unscaled.Write(json, unscaled);
        else json.Null();
    }
}

/// <summary>A decimal as a whole number of its last digit's units.</summary>
internal static class Unscaled
{
    // More digits than this do not fit a long.
    private const int MostDigits = 18;

    /// <summary>Reads Postgres' text of a number; false for NaN and infinity.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, int scale, out BigInteger unscaled)
    {
        unscaled = default;
        var point = text.IndexOf((byte)'.');
        var fraction = point < 0 ? 0 : text.Length - point - 1;
        var (small, digits, negative) = (0L, 0, false);
        foreach (var letter in text)
        {
            if (letter == (byte)'-') negative = true;
            else if (letter is >= (byte)'0' and <= (byte)'9')
            {
                digits++;
                if (digits <= MostDigits) small = (small * 10) + (letter - '0');
            }
            else if (letter != (byte)'.') return false;
        }

        if (digits == 0) return false;
        if (digits <= MostDigits) unscaled = negative ? -small : small;
        else unscaled = BigInteger.Parse(Encoding.ASCII.GetString(text).Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        if (scale > fraction) unscaled *= BigInteger.Pow(10, scale - fraction);
        return true;
    }

    public static void Write(JsonBuffer json, BigInteger unscaled)
    {
        var count = unscaled.GetByteCount();
        Span<byte> bytes = count <= 128 ? stackalloc byte[count] : new byte[count];
        unscaled.TryWriteBytes(bytes, out _, isUnsigned: false, isBigEndian: true);
        json.Base64(bytes);
    }
}
