using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Platform.CdcAnalytics.Envelopes;

/// <summary>Whole numbers, which look alike in Postgres and in JSON.</summary>
internal sealed class IntegerWriter(int bytes) : ValueWriter
{
    public override string ConnectType => bytes switch { 2 => "int16", 4 => "int32", _ => "int64" };

    public override ReadOnlySpan<byte> Missing => "0"u8;

    public override bool ReadsBinary => true;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text) => json.Raw(text);

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value) => json.Number(bytes switch
    {
        2 => BinaryPrimitives.ReadInt16BigEndian(value),
        4 => BinaryPrimitives.ReadInt32BigEndian(value),
        _ => BinaryPrimitives.ReadInt64BigEndian(value),
    });
}

/// <summary>Floating-point numbers; what JSON has no number for stands in quotes.</summary>
internal sealed class FloatWriter(int bytes) : ValueWriter
{
    public override string ConnectType => bytes == 4 ? "float" : "double";

    public override ReadOnlySpan<byte> Missing => "0.0"u8;

    public override bool ReadsBinary => true;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        if (text[^1] is >= (byte)'0' and <= (byte)'9') json.Raw(text);
        else json.Text(text);
    }

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value)
    {
        var number = bytes == 4 ? BinaryPrimitives.ReadSingleBigEndian(value) : BinaryPrimitives.ReadDoubleBigEndian(value);
        if (double.IsNaN(number)) json.Raw("\"NaN\""u8);
        else if (double.IsInfinity(number)) json.Raw(number > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);
        // A float widened to a double has digits that nobody wrote.
        else if (bytes == 4) WriteSingle(json, BinaryPrimitives.ReadSingleBigEndian(value));
        else json.Number(number);
    }

    private static void WriteSingle(JsonBuffer json, float number)
    {
        Utf8Formatter.TryFormat(number, json.Free(32), out var written);
        json.Advance(written);
    }
}

internal sealed class BooleanWriter : ValueWriter
{
    public override string ConnectType => "boolean";

    public override ReadOnlySpan<byte> Missing => "false"u8;

    public override bool ReadsBinary => true;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text) => json.Raw(text[0] is (byte)'t' or (byte)'1' ? "true"u8 : "false"u8);

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value) => json.Raw(value[0] != 0 ? "true"u8 : "false"u8);
}

/// <summary>Everything that stays a string: texts, and types that Debezium hands on as Postgres writes them.</summary>
/// <param name="schemaName">Name of the Connect schema, or null for a plain text.</param>
/// <param name="readsBinary">The binary form is the text itself.</param>
/// <param name="parameters">Parameters of the schema.</param>
internal sealed class PlainTextWriter(string? schemaName = null, bool readsBinary = false, IReadOnlyList<(string, string)>? parameters = null) : ValueWriter
{
    public override string ConnectType => "string";

    public override string? SchemaName => schemaName;

    public override IReadOnlyList<(string Name, string Value)> Parameters => parameters ?? [];

    public override ReadOnlySpan<byte> Missing => "\"\""u8;

    public override bool ReadsBinary => readsBinary;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text) => json.Text(text);

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value) => json.Text(value);
}

internal sealed class UuidWriter : ValueWriter
{
    public override string ConnectType => "string";

    public override string SchemaName => "io.debezium.data.Uuid";

    public override ReadOnlySpan<byte> Missing => "\"\""u8;

    public override bool ReadsBinary => true;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text) => json.Text(text);

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value)
    {
        json.Raw((byte)'"');
        Utf8Formatter.TryFormat(new Guid(value, bigEndian: true), json.Free(36), out var written);
        json.Advance(written);
        json.Raw((byte)'"');
    }
}

/// <summary>Bytes as base64; Postgres writes them as <c>\x</c> and hexadecimal digits.</summary>
internal sealed class BytesWriter : ValueWriter
{
    public override string ConnectType => "bytes";

    public override ReadOnlySpan<byte> Missing => "\"\""u8;

    public override bool ReadsBinary => true;

    public override void Write(JsonBuffer json, ReadOnlySpan<byte> text)
    {
        var hex = text[2..];
        var bytes = ArrayPool<byte>.Shared.Rent(hex.Length / 2);
        Convert.FromHexString(hex, bytes, out _, out var written);
        json.Base64(bytes.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    public override void WriteBinary(JsonBuffer json, ReadOnlySpan<byte> value) => json.Base64(value);
}
