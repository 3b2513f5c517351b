using System.Text;
using Platform.CdcAnalytics.Envelopes;
using Xunit;

namespace Platform.Unit.CdcAnalytics.Envelopes;

public sealed class ValueWriterTests
{
    [Fact]
    public void Values_of_several_rows_are_written_at_a_time()
    {
        var writer = new ArrayWriter(new BytesWriter());
        Parallel.For(0, 20_000, i =>
        {
            var bytes = Encoding.UTF8.GetBytes($"row {i} {new string('x', i % 50)}");
            var json = new JsonBuffer(256);
            writer.Write(json, Encoding.UTF8.GetBytes($$"""{"\\x{{Convert.ToHexStringLower(bytes)}}",NULL}"""));
            Assert.Equal($"[\"{Convert.ToBase64String(bytes)}\",null]", Encoding.UTF8.GetString(json.Written));
        });
    }

    [Theory]
    [InlineData("plain text, with 'signs' & more"), InlineData("a \"quoted\" \\ one"), InlineData("line\nbreak\tand\u0001"), InlineData("Åsa 東京 🎈"), InlineData("")]
    public void A_text_in_JSON_is_the_same_text(string text)
    {
        var json = new JsonBuffer(1);
        json.Text(Encoding.UTF8.GetBytes(text));
        Assert.Equal(text, System.Text.Json.JsonSerializer.Deserialize<string>(json.Written));
    }
}
