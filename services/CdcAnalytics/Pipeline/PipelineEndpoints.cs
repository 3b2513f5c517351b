using Confluent.Kafka;
using Platform.CdcAnalytics.Sources;
using Platform.Replication;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Identity;
using Platform.ServiceDefaults.Telemetry;

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
            // A partition may end in what no reader sees: what a transaction left, or what compaction took.
            settings.Config.EnablePartitionEof = true;
            // Of the headers only the trace is read, so they are copied, message by message, only where telemetry is exported; timestamps are for others.
            settings.Config.ConsumeResultFields = builder.Configuration.ExportsTelemetry() ? "headers,topic" : "topic";
            settings.Config.FetchWaitMaxMs = 100;
            settings.Config.QueuedMaxMessagesKbytes = 16 * 1024;
        });
        builder.Services.AddSingleton<BrokerProgress>();
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<BrokerSession>(provider, builder.Configuration.KafkaAddresses()));
        builder.Services.AddHostedService<PipelineWatch>();
    }

    // Positions are those of the default source, since one number cannot stand for several logs; the rest is of all sources together.
    public static void MapPipeline(this IEndpointRouteBuilder routes) => routes.MapGet("/pipeline", (CaptureSources sources) =>
    {
        var reports = sources.All.Select(source => (source.Address, Report: source.Progress.Report())).ToList();
        var first = reports[0].Report;
        return TypedResults.Ok(new
        {
            captured = LsnText.Format(first.CapturedLsn),
            delivered = LsnText.Format(first.DeliveredLsn),
            applied = LsnText.Format(first.AppliedLsn),
            capturedEvents = reports.Sum(source => source.Report.CapturedEvents),
            first.AppliedEvents,
            transactionsUnderWay = reports.Sum(source => source.Report.TransactionsUnderWay),
            lagMilliseconds = reports.Max(source => source.Report.LagMilliseconds),
            first.UnappliedBytes,
            first.LatencyP50,
            first.LatencyP99,
            first.Failure,
            sources = sources.All.Select(source => SourceReport.Of(source, sources)),
        });
    }).RequireAuthorization(Policies.Service);
}
