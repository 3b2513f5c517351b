using Platform.Integration.Servers;
using Platform.Loopback;
using Platform.Native.Kafka;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>A broker in memory.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private readonly ServerLog _log = new();
    private readonly MockKafkaBroker _broker;

    public BrokerFixture() => _broker = new MockKafkaBroker(LoopbackPort.Free(), _log);

    public string BootstrapServers => $"127.0.0.1:{_broker.Port}";

    public async ValueTask InitializeAsync()
    {
        using var patience = new CancellationTokenSource(Deadline.Usual);
        await _broker.StartAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _log.DisposeAsync();
    }
}
