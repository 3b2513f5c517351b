using System.Buffers.Binary;
using System.Text;

namespace Platform.Harness.Telemetry;

/// <summary>
/// Reads the fields of one message in protobuf's <see href="https://protobuf.dev/programming-guides/encoding/">wire format</see>, where it
/// lies.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, when it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value, when it is bytes, a text or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its value as text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Its value as lower-case hexadecimal digits.</summary>
    public readonly string Hex => Convert.ToHexStringLower(Bytes);

    /// <summary>Reads the next field; false at the message's end.</summary>
    public bool Read()
    {
        if (_rest.IsEmpty) return false;
        var tag = VarInt();
        Field = (int)(tag >> 3);
        switch ((int)(tag & 7))
        {
            case LengthDelimited:
                Bytes = Take((int)VarInt());
                break;
            case Fixed64:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
                break;
            case Fixed32:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
                break;
            default:
                Number = VarInt();
                break;
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private ulong VarInt()
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }
}
