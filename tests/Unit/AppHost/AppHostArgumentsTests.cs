using Platform.AppHost;
using Xunit;

namespace Platform.Unit.AppHost;

public sealed class AppHostArgumentsTests
{
    [Theory]
    [InlineData("--reset", "--Host:Reset=true")]
    [InlineData("--quiet", "--Host:Quiet=true")]
    [InlineData("--no-demo", "--Demo:Enabled=false")]
    [InlineData("--infra native", "--Infra=native")]
    [InlineData("--data /srv/platform", "--Host:Data=/srv/platform")]
    [InlineData("--Gateway:Port=8081", "--Gateway:Port=8081")]
    [InlineData("--publisher manifest --output-path out.json", "--publisher manifest --output-path out.json")]
    [InlineData("--operation publish --step publish --output-path=out", "--operation publish --step publish --output-path=out")]
    public void An_option_becomes_configuration(string commandLine, string configuration) =>
        Assert.Equal(configuration, string.Join(' ', AppHostArguments.Parse(commandLine.Split(' '))!.Configuration));
}
