using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace Platform.Gateway.Tracking;

/// <summary>Registration of the request tracking. It comes before everything else that handles requests, so that it sees how they ended.</summary>
internal static class TrackingExtensions
{
    public static void AddRequestTracking(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<TrackingOptions>, TrackingOptionsValidator>();
        services.AddOptions<TrackingOptions>()
            .BindConfiguration("Tracking", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        var options = builder.Configuration.GetSection("Tracking").Get<TrackingOptions>() ?? new();
        builder.AddKafkaProducer<string?, byte[]>(
            "kafka",
            settings =>
            {
                // The gateway is healthy without a broker: it then answers requests and counts what is not tracked.
                settings.DisableHealthChecks = true;
                settings.Config.EnableIdempotence = true;
                settings.Config.AllowAutoCreateTopics = true;
                settings.Config.CompressionType = CompressionType.Lz4;
                settings.Config.LingerMs = 20;
                settings.Config.MessageTimeoutMs = (int)options.DeliveryTimeout.TotalMilliseconds;
                settings.Config.QueueBufferingMaxKbytes = options.LargestBacklogBytes / 1024;
                settings.Config.ReconnectBackoffMaxMs = 2000;
                // A broker that is away is reported once, by what does not reach it.
                settings.Config.Set("log_level", "2");
            });
        services.AddSingleton<AddressHash>();
        services.AddSingleton<RequestQueue>();
        services.AddSingleton<RequestTracker>();
        services.AddHostedService<RequestPublisher>();
        // The first filter is the outermost.
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, TrackingFilter>());
    }

    private sealed class TrackingFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<RequestTracker>();
            next(app);
        };
    }
}
