using Confluent.Kafka;
using Platform.Replication;
using Platform.ServiceDefaults.Identity;

namespace Platform.CdcAnalytics.Pipeline;

/// <summary>The pipeline's figures, for the dashboard.</summary>
internal static class PipelineEndpoints
{
    public static void AddPipeline(this IHostApplicationBuilder builder)
    {
        builder.AddKafkaConsumer<byte[], byte[]>("kafka", settings =>
        {
            // Offsets are kept with the rows in the warehouse; the group's name is needed by the client only.
            settings.Config.GroupId = "warehouse";
            settings.Config.EnableAutoCommit = false;
            // To ask for a topic is to make it, where the broker makes topics by itself.
            settings.Config.AllowAutoCreateTopics = true;
            settings.Config.AutoOffsetReset = AutoOffsetReset.Error;
            settings.Config.FetchWaitMaxMs = 100;
            settings.Config.QueuedMaxMessagesKbytes = 16 * 1024;
        });
        builder.Services.AddSingleton<LogProgress>();
        builder.Services.AddSingleton<BrokerSession>();
        builder.Services.AddHostedService<PipelineWatch>();
    }

    public static void MapPipeline(this IEndpointRouteBuilder routes) => routes.MapGet("/pipeline", (LogProgress progress) =>
    {
        var report = progress.Report();
        return TypedResults.Ok(new
        {
            captured = LsnText.Format(report.CapturedLsn),
            delivered = LsnText.Format(report.DeliveredLsn),
            applied = LsnText.Format(report.AppliedLsn),
            report.CapturedEvents,
            report.AppliedEvents,
            report.TransactionsUnderWay,
            report.LagMilliseconds,
            report.UnappliedBytes,
            report.LatencyP50,
            report.LatencyP99,
            report.Failure,
        });
    }).RequireAuthorization(Policies.Service);
}
