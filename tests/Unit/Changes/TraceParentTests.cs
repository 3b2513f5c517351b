using System.Diagnostics;
using System.Text;
using Platform.Changes.Tracing;
using Xunit;

namespace Platform.Unit.Changes;

public sealed class TraceParentTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736", Span = "00f067aa0ba902b7";

    [Theory]
    [InlineData($"00-{Trace}-{Span}-01", true)]
    [InlineData($"00-{Trace}-{Span}-00", false)]
    [InlineData($"00-{Trace}-{Span}-02", false)]
    [InlineData($"00-{Trace}-{Span}-03", true)]
    [InlineData($"00-{Trace}-{Span}-fa", false)]
    [InlineData($"00-{Trace}-{Span}-0b", true)]
    [InlineData($"cc-{Trace}-{Span}-01", true)]
    [InlineData($"cc-{Trace}-{Span}-01-what-will-be", true)]
    public void A_well_formed_value_is_read(string value, bool isRecorded)
    {
        Assert.True(TraceParent.TryParse(Encoding.UTF8.GetBytes(value), out var context));
        Assert.Equal((Trace, Span, isRecorded, true), (context.TraceId.ToString(), context.SpanId.ToString(), context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded), context.IsRemote));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e4736")]
    [InlineData($"00-{Trace}-{Span}-0")]
    [InlineData($"00-{Trace}-{Span}-01-more")]
    [InlineData($"00-{Trace}-{Span}-01 ")]
    [InlineData($"cc-{Trace}-{Span}-01.more")]
    [InlineData($"ff-{Trace}-{Span}-01")]
    [InlineData($"0g-{Trace}-{Span}-01")]
    [InlineData($"00-{Trace}-{Span}-0x")]
    [InlineData($"00_{Trace}_{Span}_01")]
    [InlineData($"00-4BF92F3577B34DA6A3CE929D0E0E4736-{Span}-01")]
    [InlineData($"00-00000000000000000000000000000000-{Span}-01")]
    [InlineData($"00-{Trace}-0000000000000000-01")]
    [InlineData($"00-4bf92f3577b34da6a3ce929d0e0e47é-{Span}-01")]
    [InlineData($"\"00-{Trace}-{Span}-01\"")]
    public void A_malformed_value_is_ignored(string value) => Assert.False(TraceParent.TryParse(Encoding.UTF8.GetBytes(value), out _));

    [Fact]
    public void Another_encoding_and_bytes_without_one_are_ignored()
    {
        Assert.False(TraceParent.IsValid(Encoding.Unicode.GetBytes($"00-{Trace}-{Span}-01")));
        Assert.False(TraceParent.IsValid(new byte[TraceParent.Length]));
        Assert.False(TraceParent.IsValid([.. Enumerable.Repeat((byte)0xff, TraceParent.Length)]));
    }
}
