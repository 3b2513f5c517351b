using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.CdcAnalytics.Publishing;
using Platform.Harness;
using Platform.Local;
using Xunit;

namespace Platform.Unit.CdcAnalytics;

public sealed class ChangeProducerTests
{
    [Fact]
    public async Task What_the_client_library_says_goes_where_all_logs_go()
    {
        var logger = new Lines();
        var port = LoopbackPort.Free();

        using var producer = new ChangeProducer($"127.0.0.1:{port}", new ProducerOptions(), new NobodyListens(), logger);

        await Eventually.HoldsAsync(
            () => Task.FromResult((logger.Written.Any(line => line.Level == LogLevel.Error && line.Text.Contains($":{port} failed", StringComparison.Ordinal)), string.Join('\n', logger.Written))),
            TimeSpan.FromSeconds(20),
            TestContext.Current.CancellationToken);
    }

    private sealed class Lines : ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Written { get; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue((logLevel, formatter(state, exception)));
    }

    private sealed class NobodyListens : IDeliveryListener
    {
        public void Delivered(long ticket, TopicHandle topic, int partition, long offset) => Assert.Fail("Nothing was sent.");

        public void Failed(string reason) => Assert.Fail(reason);
    }
}
