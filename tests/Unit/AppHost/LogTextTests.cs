using Platform.AppHost.Hosting;
using Xunit;

namespace Platform.Unit.AppHost;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("connected with Password=s3cret;", "connected with Password=***;")]
    [InlineData("s3cret at both ends s3cret", "*** at both ends ***")]
    [InlineData("\u001b[40m\u001b[32minfo\u001b[39m\u001b[22m\u001b[49m: started", "info: started")]
    [InlineData("a title \u001b]0;owned\u0007 of a terminal\u0000\u0085", "a title ?]0;owned? of a terminal??")]
    [InlineData("Ünïcödé, 你好 and\ta tab", "Ünïcödé, 你好 and\ta tab")]
    // A colour within it does not hide a secret.
    [InlineData("s3\u001b[1mcret", "***")]
    public void A_line_has_no_secret_no_colour_and_no_control_character(string line, string expected) => Assert.Equal(expected, LogText.Clean(line, ["s3cret"]));
}
