using System.Buffers;
using System.Diagnostics;

namespace Platform.Changes.Tracing;

/// <summary>
/// The header <c>traceparent</c> of a change event: the span that published the change's transaction (<see
/// href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</see>). What is malformed is ignored, as the
/// specification requires: a trace is never worth a change.
/// </summary>
public static class TraceParent
{
    /// <summary>The header's name.</summary>
    public const string Header = "traceparent";

    /// <summary>Length of a version 00 value: <c>00-{32 hexadecimal digits}-{16}-{2}</c>.</summary>
    public const int Length = 55;

    private const int TraceIdStart = 3, TraceIdLength = 32, SpanIdStart = 36, SpanIdLength = 16, FlagsStart = 53;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>True when the value is well-formed. A later version may have more behind its first 55 bytes.</summary>
    public static bool IsValid(ReadOnlySpan<byte> value)
    {
        if (value.Length < Length || !IsHex(value[..2]) || value[..2].SequenceEqual("ff"u8)) return false;
        if (value.Length > Length && (value[..2].SequenceEqual("00"u8) || value[Length] != (byte)'-')) return false;
        return value[2] == '-' && value[SpanIdStart - 1] == '-' && value[FlagsStart - 1] == '-'
            && IsId(value.Slice(TraceIdStart, TraceIdLength)) && IsId(value.Slice(SpanIdStart, SpanIdLength)) && IsHex(value.Slice(FlagsStart, 2));
    }

    /// <summary>Reads a value; false when it is malformed.</summary>
    /// <param name="value">The header's bytes.</param>
    /// <param name="context">The span that they name, in another process.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, out ActivityContext context)
    {
        context = default;
        if (!IsValid(value)) return false;
        var flags = (value[FlagsStart + 1] & 1) == 1 ^ value[FlagsStart + 1] > (byte)'9' ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None;
        context = new(
            ActivityTraceId.CreateFromUtf8String(value.Slice(TraceIdStart, TraceIdLength)), ActivitySpanId.CreateFromUtf8String(value.Slice(SpanIdStart, SpanIdLength)),
            flags, traceState: null, isRemote: true);
        return true;
    }

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Digits);

    private static bool IsId(ReadOnlySpan<byte> text) => IsHex(text) && text.ContainsAnyExcept((byte)'0');
}
