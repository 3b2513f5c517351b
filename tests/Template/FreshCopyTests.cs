using System.Net;
using Platform.Harness;
using Xunit;

namespace Platform.Template;

/// <summary>A product is started from a copy with a name of its own.</summary>
public sealed class FreshCopyTests
{
    [Fact]
    public async Task A_copy_with_an_awkward_name_builds_without_a_warning_and_runs()
    {
        using var copy = new FreshCopy("Acme.Data v.9");
        var (exitCode, output) = await copy.DotnetAsync("build", "AppHost", "--verbosity", "quiet", "--disable-build-servers");
        Assert.True(exitCode == 0, output);
        Assert.Contains(" 0 Warning(s)", output, StringComparison.Ordinal);

        await using var platform = await RunningPlatform.StartProcessAsync(Path.Combine(copy.Root, ".data"), appHost: copy.AppHost);
        await platform.CreateTenantAsync("acme");
        using var tenant = await platform.TenantAsync("acme");
        Assert.Equal(HttpStatusCode.OK, (await tenant.GetAsync("/data/orders")).StatusCode);
    }
}
