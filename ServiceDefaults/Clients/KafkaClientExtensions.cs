using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Clients;

namespace Microsoft.Extensions.Hosting;

/// <summary>Kafka producers and consumers, named and configured as Aspire.Confluent.Kafka does it.</summary>
public static class AspireKafkaExtensions
{
    private const string ProducerSection = "Aspire:Confluent:Kafka:Producer";
    private const string ConsumerSection = "Aspire:Confluent:Kafka:Consumer";

    /// <summary>Registers the <see cref="IProducer{TKey,TValue}"/> of a connection, with a health check.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings = null,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder = null)
    {
        var settings = ClientSettings.Read(
            builder.Configuration, ProducerSection, connectionName, (s, connection) => s.ConnectionString = connection, configureSettings);
        Configure(builder.Configuration, ProducerSection, connectionName, settings.Config);

        builder.Services.AddSingleton(services =>
        {
            settings.Config.BootstrapServers = ClientSettings.Require(settings.ConnectionString, connectionName, ProducerSection);
            var logger = services.KafkaClientLogger();
            var producer = new ProducerBuilder<TKey, TValue>(settings.Config).SetLogHandler((_, message) => logger.ClientSays(message));
            configureBuilder?.Invoke(producer);
            return producer.Build();
        });
        if (!settings.DisableHealthChecks)
            AddHealthCheck<IProducer<TKey, TValue>>(builder, "Aspire.Confluent.Kafka.Producer");
    }

    /// <summary>Registers the <see cref="IConsumer{TKey,TValue}"/> of a connection, with a health check.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings = null,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder = null)
    {
        var settings = ClientSettings.Read(
            builder.Configuration, ConsumerSection, connectionName, (s, connection) => s.ConnectionString = connection, configureSettings);
        Configure(builder.Configuration, ConsumerSection, connectionName, settings.Config);

        builder.Services.AddSingleton(services =>
        {
            settings.Config.BootstrapServers = ClientSettings.Require(settings.ConnectionString, connectionName, ConsumerSection);
            var logger = services.KafkaClientLogger();
            var consumer = new ConsumerBuilder<TKey, TValue>(settings.Config).SetLogHandler((_, message) => logger.ClientSays(message));
            configureBuilder?.Invoke(consumer);
            return consumer.Build();
        });
        if (!settings.DisableHealthChecks)
            AddHealthCheck<IConsumer<TKey, TValue>>(builder, "Aspire.Confluent.Kafka.Consumer");
    }

    private static void Configure(IConfiguration configuration, string section, string connectionName, ClientConfig config)
    {
        configuration.GetSection($"{section}:Config").Bind(config);
        configuration.GetSection($"{section}:{connectionName}:Config").Bind(config);
    }

    private static void AddHealthCheck<TClient>(IHostApplicationBuilder builder, string name) where TClient : class, IClient =>
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, provider => new KafkaHealthCheck(provider.GetRequiredService<TClient>()), failureStatus: null, tags: null));

    private sealed class KafkaHealthCheck(IClient client) : IHealthCheck
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                // The call blocks; a metadata request is the cheapest one that proves a broker answers.
                using var admin = new DependentAdminClientBuilder(client.Handle).Build();
                var metadata = await Task.Run(() => admin.GetMetadata(Patience), cancellationToken);
                return metadata.Brokers.Count > 0
                    ? HealthCheckResult.Healthy()
                    : new HealthCheckResult(context.Registration.FailureStatus, "Kafka answers but names no broker.");
            }
            catch (KafkaException exception)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception.Error.Reason, exception);
            }
        }
    }
}
