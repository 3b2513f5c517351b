using System.CommandLine;
using Platform.Native.Kafka;
using Platform.Native.Processes;

namespace Platform.Native.Commands;

internal sealed class KafkaCommand() : ServerCommand(
    "kafka", "Runs a server of the Kafka protocol: the Kafka named by KAFKA_HOME where java is installed, else a small one in memory.")
{
    protected override INativeServer Create(ParseResult arguments, TextWriter log) => KafkaInstallation.Find() is { } kafka
        ? new KafkaBroker(kafka, arguments.GetRequiredValue(Data), arguments.GetValue(Port), log)
        : new MockKafkaBroker(arguments.GetValue(Port), log);
}
