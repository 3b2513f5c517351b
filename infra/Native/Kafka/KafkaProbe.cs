using Confluent.Kafka;

namespace Platform.Native.Kafka;

/// <summary>Asks a broker for its metadata, the cheapest request that proves it answers.</summary>
internal sealed class KafkaProbe(int port) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lazy<IAdminClient> _client = new(() => new AdminClientBuilder(new AdminClientConfig
    {
        BootstrapServers = $"127.0.0.1:{port}",
        ReconnectBackoffMs = 50,
        ReconnectBackoffMaxMs = 500,
        // Nothing but the probe's own request wakes the client.
        TopicMetadataRefreshIntervalMs = -1,
        StatisticsIntervalMs = 0,
    }).SetLogHandler((_, _) => { }).Build());

    public async ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            var metadata = await Task.Run(() => _client.Value.GetMetadata(Patience), cancellationToken);
            return metadata.Brokers.Count > 0 ? null : "it answers, but names no broker";
        }
        catch (KafkaException exception)
        {
            return $"no metadata: {exception.Error.Reason}";
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated) _client.Value.Dispose();
    }
}
