using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace Platform.CdcAnalytics.Envelopes;

/// <summary>Arrays, read from Postgres' text form (<c>{1,NULL,"a b"}</c>); arrays of arrays stay nested.</summary>
internal sealed class ArrayWriter(ValueWriter element, byte delimiter = (byte)',') : ValueWriter
{
    public override string ConnectType => "array";

    public override string SchemaMembers => $",\"items\":{ConnectSchema.Of(element, isOptional: true)}";

    public override ReadOnlySpan<byte> Missing => "[]"u8;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        // [2:4]={...} where the subscripts do not begin at 1.
        var start = text.IndexOf((byte)'{');
        var item = ArrayPool<byte>.Shared.Rent(text.Length);
        Write(json, text, item, ref start);
        ArrayPool<byte>.Shared.Return(item);
    }

    private void Write(JsonBuffer json, ReadOnlySpan<byte> text, Span<byte> item, ref int at)
    {
        json.Raw((byte)'[');
        for (at++; text[at] != (byte)'}';)
        {
            if (text[at] == (byte)'{') Write(json, text, item, ref at);
            else WriteItem(json, text, item, ref at);
            if (text[at] != delimiter) continue;
            json.Raw((byte)',');
            at++;
        }

        at++;
        json.Raw((byte)']');
    }

    private void WriteItem(JsonBuffer json, ReadOnlySpan<byte> text, Span<byte> item, ref int at)
    {
        var length = 0;
        var isQuoted = text[at] == (byte)'"';
        if (isQuoted) at++;
        while (isQuoted ? text[at] != (byte)'"' : text[at] != delimiter && text[at] != (byte)'}')
        {
            if (text[at] == (byte)'\\') at++;
            item[length++] = text[at++];
        }

        if (isQuoted) at++;
        var value = item[..length];
        if (!isQuoted && value.SequenceEqual("NULL"u8)) json.Null();
        else element.Write(json, value);
    }
}

/// <summary>Points, as a struct with their well-known binary form.</summary>
internal sealed class PointWriter : ValueWriter
{
    public override string ConnectType => "struct";

    public override string SchemaName => "io.debezium.data.geometry.Point";

    public override string SchemaMembers =>
        """
        ,"fields":[{"type":"double","optional":false,"field":"x"},{"type":"double","optional":false,"field":"y"},{"type":"bytes","optional":true,"field":"wkb"},{"type":"int32","optional":true,"field":"srid"}]
        """;

    public override ReadOnlySpan<byte> Missing => """{"x":0.0,"y":0.0,"wkb":"AQEAAAAAAAAAAAAAAAAAAAAAAAAA","srid":null}"""u8;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        var comma = text.IndexOf((byte)',');
        var x = double.Parse(text[1..comma], CultureInfo.InvariantCulture);
        var y = double.Parse(text[(comma + 1)..^1], CultureInfo.InvariantCulture);
        Span<byte> wkb = stackalloc byte[21];
        // Little-endian, a point.
        (wkb[0], wkb[1]) = (1, 1);
        wkb[2..5].Clear();
        BinaryPrimitives.WriteDoubleLittleEndian(wkb[5..], x);
        BinaryPrimitives.WriteDoubleLittleEndian(wkb[13..], y);
        json.Raw("{\"x\":"u8);
        json.Raw(text[1..comma]);
        json.Raw(",\"y\":"u8);
        json.Raw(text[(comma + 1)..^1]);
        json.Raw(",\"wkb\":"u8);
        json.Base64(wkb);
        json.Raw(",\"srid\":null}"u8);
    }
}

/// <summary>Strings of bits: a boolean when there is one, otherwise bytes, the lowest first.</summary>
internal sealed class BitsWriter(int length) : ValueWriter
{
    public override string ConnectType => length == 1 ? "boolean" : "bytes";

    public override string? SchemaName => length == 1 ? null : "io.debezium.data.Bits";

    public override IReadOnlyList<(string Name, string Value)> Parameters =>
        length == 1 ? [] : [("length", (length > 0 ? length : int.MaxValue).ToString(CultureInfo.InvariantCulture))];

    public override ReadOnlySpan<byte> Missing => length == 1 ? "false"u8 : "\"\""u8;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        if (length == 1)
        {
            json.Raw(text[0] == (byte)'1' ? "true"u8 : "false"u8);
            return;
        }

        var count = (text.Length + 7) / 8;
        Span<byte> bytes = count <= 128 ? stackalloc byte[count] : new byte[count];
        bytes.Clear();
        for (var i = 0; i < text.Length; i++)
        {
            var bit = text.Length - 1 - i;
            if (text[i] == (byte)'1') bytes[bit / 8] |= (byte)(1 << (bit % 8));
        }

        json.Base64(bytes);
    }
}

/// <summary>Labels of an enumeration, with all of them in the schema.</summary>
internal static class EnumSchema
{
    public const string Name = "io.debezium.data.Enum";

    public static IReadOnlyList<(string Name, string Value)> Parameters(IEnumerable<string> labels) => [("allowed", string.Join(',', labels))];
}
