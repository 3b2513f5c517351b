using Platform.Native.Processes;

namespace Platform.Native.Kafka;

/// <summary>An installed Apache Kafka 4.</summary>
/// <param name="Home">Its folder.</param>
public sealed record KafkaInstallation(string Home)
{
    /// <summary>The one that <c>KAFKA_HOME</c> names; null when it is not set, or when there is no java to run it with.</summary>
    /// <exception cref="NativeServerException">KAFKA_HOME names something else.</exception>
    public static KafkaInstallation? Find()
    {
        if (Environment.GetEnvironmentVariable("KAFKA_HOME") is not { Length: > 0 } home) return null;
        var kafka = new KafkaInstallation(home);
        if (!File.Exists(kafka.Script("kafka-server-start")))
            throw new NativeServerException($"KAFKA_HOME is {home}, which has no bin/kafka-server-start.sh. Name the folder of a Kafka 4 install, or unset it.");

        var javaHome = Environment.GetEnvironmentVariable("JAVA_HOME");
        var hasJava = ExecutablePath.Find("java") is not null
            || (javaHome is { Length: > 0 } && ExecutablePath.FindIn([Path.Combine(javaHome, "bin")], "java") is not null);
        return hasJava ? kafka : null;
    }

    internal string Script(string name) => OperatingSystem.IsWindows()
        ? Path.Combine(Home, "bin", "windows", name + ".bat")
        : Path.Combine(Home, "bin", name + ".sh");
}
