using Xunit;

namespace Platform.Unit.Build;

/// <summary>What each of the two builds asks for. Nothing is restored, so a machine that has no Aspire can tell.</summary>
public sealed class AspireChoiceTests
{
    private const string Clients = "ServiceDefaults/ServiceDefaults.csproj";

    [Theory]
    [InlineData("AppHost/AppHost.csproj")]
    [InlineData(Clients)]
    public async Task Without_Aspire_nothing_of_it_is_asked_for(string project)
    {
        var evaluated = await EvaluatedProject.ReadAsync(project, "-p:UseAspire=false");
        Assert.Equal("", evaluated.Property("IsAspireHost"));
        Assert.DoesNotContain(evaluated.Items("PackageReference"), IsAspire);
    }

    [Fact]
    public async Task With_Aspire_services_get_its_clients_and_none_of_ours()
    {
        var evaluated = await EvaluatedProject.ReadAsync(Clients, "-p:UseAspire=true");
        Assert.Equal(["Aspire.Confluent.Kafka", "Aspire.Npgsql", "Aspire.StackExchange.Redis"], evaluated.Items("PackageReference").Where(IsAspire).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(evaluated.Items("Compile"), file => file.StartsWith("Clients", StringComparison.Ordinal));
        Assert.Superset(evaluated.Items("PackageReference").Where(IsAspire).ToHashSet(StringComparer.Ordinal), evaluated.Items("PackageVersion").ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true, "true")]
    [InlineData(false, "false")]
    public async Task Aspire_is_chosen_where_its_folder_is_in_the_home_folder(bool isInstalled, string chosen)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The home folder of Windows is not in the environment.");
        var home = Directory.CreateTempSubdirectory("home-");
        try
        {
            if (isInstalled) home.CreateSubdirectory(".aspire");
            var evaluated = await EvaluatedProject.ReadAsync(Clients, home: home.FullName);
            Assert.Equal(chosen, evaluated.Property("UseAspire"));
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static bool IsAspire(string package) => package.StartsWith("Aspire.", StringComparison.Ordinal);
}
