using Platform.Harness;
using Platform.Integration.Capture;
using Platform.Integration.Servers;
using Platform.Native.Kafka;
using Platform.Native.Processes;
using Xunit;

[assembly: AssemblyFixture(typeof(RealBroker))]

namespace Platform.Integration.Capture;

/// <summary>
/// The real Kafka that <c>KAFKA_HOME</c> names or that lies in <c>shared/kafka</c> beside the repository, started by the first test that needs it. Where there is neither, or no
/// java, a broker in memory takes its place, as it does for a user.
/// </summary>
public sealed class RealBroker : BrokerFixture
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The Kafka of this machine; null where there is none.</summary>
    internal static KafkaInstallation? Installation { get; } = Find();

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override INativeServer Create(TextWriter log) =>
        Installation is { } kafka ? new KafkaBroker(kafka, _folder["kafka"], Port, log) : base.Create(log);

    private static KafkaInstallation? Find()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KAFKA_HOME")))
            Environment.SetEnvironmentVariable("KAFKA_HOME", RepositoryFolder.Beside(Path.Combine("shared", "kafka")));
        return KafkaInstallation.Find();
    }
}
