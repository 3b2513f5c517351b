using Platform.Integration.Servers;
using Platform.Local;
using Platform.Native.Kafka;
using Platform.Native.Processes;
using Xunit;

namespace Platform.Integration.Capture;

/// <summary>A broker in memory.</summary>
public class BrokerFixture : IAsyncLifetime
{
    private readonly ServerLog _log = new();
    private readonly Lazy<Task<INativeServer>> _server;

    public BrokerFixture() => _server = new(StartAsync);

    public string BootstrapServers => $"127.0.0.1:{Port}";

    private protected int Port { get; } = LoopbackPort.Free();

    /// <summary>Returns when it answers.</summary>
    public Task ReadyAsync() => _server.Value;

    public virtual async ValueTask InitializeAsync() => await ReadyAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated) await (await _server.Value).DisposeAsync();
        await _log.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual INativeServer Create(TextWriter log) => new MockKafkaBroker(Port, log);

    private async Task<INativeServer> StartAsync()
    {
        using var patience = new CancellationTokenSource(Deadline.Usual);
        var server = Create(_log);
        await server.StartAsync(patience.Token);
        return server;
    }
}
