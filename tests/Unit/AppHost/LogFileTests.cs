using Platform.AppHost.Hosting;
using Platform.Harness;
using Xunit;

namespace Platform.Unit.AppHost;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_of_the_run_before_is_kept()
    {
        using (var first = new LogFile(_folder.FullPath, "cdc")) first.Write("the first run");
        using (var second = new LogFile(_folder.FullPath, "cdc")) second.Write("the second run");
        Assert.Equal("the first run\n", File.ReadAllText(_folder["cdc.1.log"]));
        Assert.Equal("the second run\n", File.ReadAllText(_folder["cdc.log"]));
    }

    [Fact]
    public void A_file_stays_below_its_limit_and_the_part_before_is_kept()
    {
        var line = new string('x', 1023);
        using (var file = new LogFile(_folder.FullPath, "cdc"))
        {
            for (var i = 0; i < 25 * 1024; i++) file.Write(line);
        }

        foreach (var part in new[] { "cdc.log", "cdc.1.log" }) Assert.InRange(new FileInfo(_folder[part]).Length, 1, (10 * 1024 * 1024) + 1024);
    }
}
