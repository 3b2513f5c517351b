using Confluent.Kafka;

namespace Platform.CdcAnalytics.Pipeline;

/// <summary>
/// Ends this process when something was lost that only a new reading of the log brings back: the broker's memory, or an event that it
/// refused. Whoever started the process starts it again, and it begins from what is durable; nothing in memory is trusted.
/// </summary>
internal sealed class PipelineWatch(
    BrokerSession broker, BrokerProgress progress, IHostApplicationLifetime application, TimeProvider clock, ILogger<PipelineWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? first = null;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var identity = await broker.Topics.ReadIdentityAsync(stoppingToken);
                first ??= identity;
                if (identity != first) progress.Fail($"The broker {first} is now {identity} and has lost its topics.");
            }
            catch (KafkaException)
            {
                // An unreachable broker shows in the health check; only one that answers can be told from another.
            }

            if (progress.Failure is not { } failure) continue;
            logger.StartingOver(failure);
            Environment.ExitCode = 1;
            application.StopApplication();
            return;
        }
    }
}
