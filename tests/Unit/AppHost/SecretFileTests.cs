using Platform.AppHost.Hosting;
using Platform.Harness;
using Xunit;

namespace Platform.Unit.AppHost;

public sealed class SecretFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_secret_is_made_once_and_read_by_its_owner_alone()
    {
        var path = _folder["parameters.json"];
        Assert.Equal("one", new SecretFile(path).GetOrAdd("api-password", () => "one"));
        Assert.Equal("one", new SecretFile(path).GetOrAdd("api-password", () => "two"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }
}
