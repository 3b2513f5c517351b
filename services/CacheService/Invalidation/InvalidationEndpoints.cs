using Confluent.Kafka;
using Platform.Caching;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Identity;
using Platform.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Platform.CacheService.Invalidation;

/// <summary>Registration of the invalidation, and its figures for the dashboard.</summary>
internal static class InvalidationEndpoints
{
    public static void AddInvalidation(this IHostApplicationBuilder builder)
    {
        // A batch is thousands of commands, which the spans of its transactions tell of together.
        builder.AddRedisClient("cache", settings => settings.DisableTracing = true, options =>
        {
            // Emptying the cache counts as administration.
            options.AllowAdmin = true;
            // What could not be sent is not sent later either: it is told again, in order, once the store is back.
            options.BacklogPolicy = BacklogPolicy.FailFast;
        });
        builder.AddKafkaConsumer<byte[], byte[]>("kafka", settings =>
        {
            // Offsets are kept in the cache itself; the group's name is needed by the client only.
            settings.Config.GroupId = "cache-invalidation";
            settings.Config.EnableAutoCommit = false;
            settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
            settings.Config.AllowAutoCreateTopics = true;
            // Of the headers only the trace is read, so they are copied, message by message, only where telemetry is exported; timestamps are for others.
            settings.Config.ConsumeResultFields = builder.Configuration.ExportsTelemetry() ? "headers,topic" : "topic";
            settings.Config.FetchWaitMaxMs = 100;
            settings.Config.QueuedMaxMessagesKbytes = 4 * 1024;
        });
        builder.Services.AddSingleton<CacheInvalidator>();
        builder.Services.AddSingleton<OffsetStore>();
        builder.Services.AddSingleton<InvalidationTelemetry>();
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<InvalidationService>(provider, builder.Configuration.KafkaAddresses()));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<InvalidationService>());
    }

    public static void MapInvalidation(this IEndpointRouteBuilder routes)
    {
        var invalidations = routes.MapGroup("/invalidations").RequireAuthorization(Policies.Service);
        invalidations.MapGet("", (InvalidationService service) => TypedResults.Ok(service.Report));
        invalidations.MapPost("/flush", async (InvalidationService service, CancellationToken cancellationToken) =>
        {
            await service.OrderFlushAsync(cancellationToken);
            return TypedResults.NoContent();
        });
    }
}
