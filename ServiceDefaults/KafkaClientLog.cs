using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>
/// Events 1200–1299: what the Kafka client library says, which without this would go to standard error, past every exporter of logs. Ids
/// and method names are public: alerts filter on them.
/// </summary>
public static partial class KafkaClientLog
{
    /// <summary>The logger for it, in the category of Aspire.Confluent.Kafka.</summary>
    public static ILogger KafkaClientLogger(this IServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("Aspire.Confluent.Kafka");

    /// <summary>Writes what a client says, in the level that it gives.</summary>
    public static void ClientSays(this ILogger logger, LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        logger.ClientSays(level, message.Name, message.Facility, message.Message);
    }

    [LoggerMessage(EventId = 1200, Message = "{Client} {Facility}: {Message}")]
    private static partial void ClientSays(this ILogger logger, LogLevel level, string client, string facility, string message);
}
