namespace Platform.AppHost.Resources;

/// <summary>The event broker, in the form that this machine can run.</summary>
internal static class KafkaServerExtensions
{
    private const string KafkaTag = "4.1.0";

    public static KafkaServer AddKafkaBroker(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.UsesContainers())
        {
            // Aspire sets the listeners; the image wants everything else said as soon as anything is.
            var broker = builder.AddKafka(name)
                .WithImage("apache/kafka", KafkaTag)
                .WithDataVolume()
                .WithEnvironment("KAFKA_NODE_ID", "1")
                .WithEnvironment("KAFKA_PROCESS_ROLES", "broker,controller")
                .WithEnvironment("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
                .WithEnvironment("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:29093")
                .WithEnvironment("KAFKA_INTER_BROKER_LISTENER_NAME", "PLAINTEXT")
                .WithEnvironment("KAFKA_NUM_PARTITIONS", "4")
                .WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "true")
                .WithEnvironment("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
                .WithEnvironment("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
                .WithEnvironment("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1");
            return new KafkaServer(broker, broker, IsDurable: true);
        }

        var server = builder.AddNativeServer(name, "kafka", builder.DataPath(name));
        // infra/Native runs a real Kafka where KAFKA_HOME and java are, and one in memory elsewhere.
        var isDurable = !string.IsNullOrEmpty(builder.Configuration["KAFKA_HOME"]) && InstalledPrograms.Has("java");
        return new KafkaServer(server, builder.AddConnectionString($"{name}-connection", server.NativeAddress()), isDurable);
    }
}
