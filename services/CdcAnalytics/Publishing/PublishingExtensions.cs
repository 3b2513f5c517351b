using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Pipeline;
using Platform.ServiceDefaults;

namespace Platform.CdcAnalytics.Publishing;

/// <summary>Registration of the producer.</summary>
internal static class PublishingExtensions
{
    public static void AddPublishing(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<ProducerOptions>, ProducerOptionsValidator>();
        services.AddOptions<ProducerOptions>()
            .BindConfiguration("Publishing", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton(provider => new ChangeProducer(
            builder.Configuration.KafkaAddresses(),
            provider.GetRequiredService<IOptions<ProducerOptions>>().Value,
            provider.GetRequiredService<BrokerProgress>(),
            provider.KafkaClientLogger()));
    }
}
