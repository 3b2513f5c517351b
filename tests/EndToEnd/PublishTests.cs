using System.Text.Json;
using Platform.Harness;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>The manifest that a deployment is made from.</summary>
public sealed class PublishTests
{
    private static readonly Lazy<Task<JsonElement>> Manifest = new(PublishAsync);

    [Fact]
    public async Task The_manifest_has_no_path_of_the_machine_that_publishes()
    {
        var text = (await Manifest.Value).ToString();
        foreach (var own in new[] { RepositoryFolder.Root, Path.GetTempPath().TrimEnd('/'), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "localhost:8080", ".data", "127.0.0.1" })
            Assert.DoesNotContain(own, text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_manifest_has_neither_the_demo_nor_what_development_alone_has()
    {
        var resources = await Manifest.Value;
        Assert.DoesNotContain(resources.EnumerateObject(), resource => resource.Name is "demo" or "load" or "token-key");
        var text = resources.ToString();
        foreach (var name in new[] { "DevTokens", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "AspireDashboard" }) Assert.DoesNotContain(name, text, StringComparison.Ordinal);
        Assert.Equal("{identity-authority.value}", resources.GetProperty("gateway").GetProperty("env").GetProperty("Authentication__Authority").GetString());
    }

    [Fact]
    public async Task Every_secret_is_an_input_and_no_setting_holds_one_itself()
    {
        var resources = await Manifest.Value;
        foreach (var resource in resources.EnumerateObject())
        {
            if (IsSecret(resource.Name) && Text(resource.Value, "type") == "parameter.v0")
                Assert.True(resource.Value.GetProperty("inputs").GetProperty("value").GetProperty("secret").GetBoolean(), resource.Name);
            if (!resource.Value.TryGetProperty("env", out var variables)) continue;
            foreach (var variable in variables.EnumerateObject().Where(variable => IsSecret(variable.Name)))
                Assert.Matches(@"^\{[a-z-]+\.value\}$", variable.Value.GetString()!);
        }
    }

    [Theory]
    [InlineData("postgres", "/var/lib/postgresql/data")]
    [InlineData("postgres-replica-1", "/var/lib/postgresql/data")]
    [InlineData("postgres-replica-2", "/var/lib/postgresql/data")]
    [InlineData("cache", "/data")]
    [InlineData("kafka", "/var/lib/kafka/data")]
    [InlineData("cdc", "/var/lib/platform")]
    public async Task What_has_data_has_a_volume(string resource, string folder)
    {
        var volume = Assert.Single((await Manifest.Value).GetProperty(resource).GetProperty("volumes").EnumerateArray().ToList());
        Assert.Equal(($"{resource}-data", folder, false), (Text(volume, "name"), Text(volume, "target"), volume.GetProperty("readOnly").GetBoolean()));
    }

    [Fact]
    public async Task A_published_service_keeps_its_files_in_its_volume()
    {
        var settings = (await Manifest.Value).GetProperty("cdc").GetProperty("env");
        foreach (var setting in new[] { "Capture__StatePath", "Warehouse__Path" }) Assert.StartsWith("/var/lib/platform/", settings.GetProperty(setting).GetString(), StringComparison.Ordinal);
    }

    private static bool IsSecret(string name) =>
        name.EndsWith("password", StringComparison.OrdinalIgnoreCase) || name.EndsWith("key", StringComparison.OrdinalIgnoreCase) || name.EndsWith("secret", StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    // In the repository, since the manifest names projects relative to itself.
    private static async Task<JsonElement> PublishAsync()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "published", "aspire-manifest.json");
        var (exitCode, output) = await HostCommandLine.RunAsync("--publisher", "manifest", "--output-path", path);
        Assert.True(exitCode == 0, output);
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        return manifest.RootElement.GetProperty("resources").Clone();
    }
}
