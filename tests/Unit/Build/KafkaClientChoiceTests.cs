using Xunit;

namespace Platform.Unit.Build;

/// <summary>Which Kafka registrations a build has. Nothing is restored, so a machine whose feed lacks Aspire's package can tell.</summary>
public sealed class KafkaClientChoiceTests
{
    private const string Project = "ServiceDefaults/ServiceDefaults.csproj", AspirePackage = "Aspire.Confluent.Kafka";

    [Fact]
    public async Task By_default_they_are_ours_and_Aspires_package_is_not_asked_for()
    {
        var evaluated = await EvaluatedProject.ReadAsync(Project);
        Assert.DoesNotContain(AspirePackage, evaluated.Items("PackageReference"));
        Assert.Contains(evaluated.Items("Compile"), IsOurs);
    }

    [Fact]
    public async Task With_the_property_they_are_Aspires_and_none_of_ours()
    {
        var evaluated = await EvaluatedProject.ReadAsync(Project, "-p:AspireKafkaClient=true");
        Assert.Contains(AspirePackage, evaluated.Items("PackageReference"));
        Assert.Contains(AspirePackage, evaluated.Items("PackageVersion"));
        Assert.DoesNotContain(evaluated.Items("Compile"), IsOurs);
    }

    private static bool IsOurs(string file) => file.StartsWith("Clients", StringComparison.Ordinal);
}
