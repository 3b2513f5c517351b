using System.Globalization;
using Platform.AppHost.Hosting;

namespace Platform.AppHost.Resources;

/// <summary>The event broker, in the form that this machine can run.</summary>
internal static class KafkaServerExtensions
{
    private const string Tag = "4.1.0";
    private const int ClientPort = 9092;
    private const string Controller = "localhost:29093";

    public static KafkaServer AddKafkaBroker(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.UsesContainers()) return AddContainer(builder, name);

        // infra/Native runs a real Kafka where KAFKA_HOME and java are, and one in memory elsewhere.
        var home = builder.Configuration["Kafka:Home"] ?? builder.Configuration["KAFKA_HOME"] ?? "";
        var isDurable = home.Length > 0 && InstalledPrograms.Has("java");
        var server = builder.AddNativeServer(name, "kafka").WithIconName("Stream").WithEnvironment("KAFKA_HOME", home);
        return new KafkaServer(server, builder.AddHiddenConnectionString($"{name}-connection", server.NativeAddress()), isDurable);
    }

    private static KafkaServer AddContainer(IDistributedApplicationBuilder builder, string name)
    {
        var broker = builder.AddContainer(name, "apache/kafka", Tag)
            .WithEndpoint(targetPort: ClientPort, scheme: "tcp", name: "tcp")
            .WithVolume(builder.VolumeName(name), "/var/lib/kafka/data");
        var clients = broker.GetEndpoint("tcp");
        var port = clients.Property(EndpointProperty.Port);
        // A client connects again to the address that the broker advertises. Services run on this machine, where the published port is;
        // published, they run in the broker's network.
        var advertised = builder.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create($"CLIENTS://localhost:{port}")
            : ReferenceExpression.Create($"CLIENTS://{clients.Property(EndpointProperty.Host)}:{port}");
        broker
            .WithEnvironment("KAFKA_NODE_ID", "1")
            .WithEnvironment("KAFKA_PROCESS_ROLES", "broker,controller")
            .WithEnvironment("KAFKA_LISTENERS", string.Create(CultureInfo.InvariantCulture, $"CLIENTS://0.0.0.0:{ClientPort},CONTROLLER://{Controller}"))
            .WithEnvironment("KAFKA_ADVERTISED_LISTENERS", advertised)
            .WithEnvironment("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT")
            .WithEnvironment("KAFKA_INTER_BROKER_LISTENER_NAME", "CLIENTS")
            .WithEnvironment("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
            .WithEnvironment("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@" + Controller)
            .WithEnvironment("KAFKA_LOG_DIRS", "/var/lib/kafka/data")
            .WithEnvironment("KAFKA_NUM_PARTITIONS", "4")
            .WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "true")
            .WithEnvironment("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
            .WithEnvironment("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
            .WithEnvironment("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1");
        var address = ReferenceExpression.Create($"{clients.Property(EndpointProperty.Host)}:{port}");
        return new KafkaServer(broker, builder.AddHiddenConnectionString($"{name}-connection", address), IsDurable: true);
    }
}
