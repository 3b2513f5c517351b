using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults;

namespace Platform.CdcAnalytics.Requests;

/// <summary>Registration of the requests' way into the warehouse.</summary>
internal static class RequestExtensions
{
    public static void AddRequests(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<RequestOptions>, RequestOptionsValidator>();
        services.AddOptions<RequestOptions>()
            .BindConfiguration("Requests", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddFollower(RequestConsumer.Client, builder.Configuration);
        services.AddSingleton<RequestTable>();
        services.AddHostedService<RequestConsumer>();
    }

    /// <summary>
    /// Another consumer beside the warehouse's, for somebody who assigns partitions and keeps offsets himself. The connection's health check is the warehouse's.
    /// </summary>
    public static void AddFollower(this IServiceCollection services, string key, IConfiguration configuration) =>
        services.AddKeyedSingleton(key, (provider, _) =>
        {
            var logger = provider.KafkaClientLogger();
            return new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
            {
                BootstrapServers = configuration.KafkaAddresses(),
                GroupId = key,
                EnableAutoCommit = false,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                AllowAutoCreateTopics = true,
                // Headers and timestamps are for others.
                ConsumeResultFields = "topic",
                FetchWaitMaxMs = 200,
                QueuedMaxMessagesKbytes = 8 * 1024,
            }).SetLogHandler((_, message) => logger.ClientSays(message)).Build();
        });
}
