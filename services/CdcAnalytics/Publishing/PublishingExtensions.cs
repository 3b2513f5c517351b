using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Pipeline;

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
            builder.Configuration.GetConnectionString("kafka") ?? throw new InvalidOperationException("Set ConnectionStrings:kafka to the broker's addresses."),
            provider.GetRequiredService<IOptions<ProducerOptions>>().Value,
            provider.GetRequiredService<BrokerProgress>()));
    }
}
