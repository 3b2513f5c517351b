using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Verification;

/// <summary>Compares the sources with the warehouse now and then, and when it is ordered to. Thread-safe.</summary>
internal sealed class VerificationService(
    SourceVerification verification, IOptions<VerificationOptions> options, TimeProvider clock) : BackgroundService
{
    private readonly Channel<bool> _orders = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The state at this moment.</summary>
    public VerificationState State { get; private set; } = new(IsRunning: false, Last: null);

    /// <summary>Orders a comparison; one that is under way is followed by another.</summary>
    public void Order() => _orders.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await OrderedOrDueAsync(stoppingToken);
            State = State with { IsRunning = true };
            State = new(IsRunning: false, await verification.RunAsync(stoppingToken));
        }
    }

    private async Task OrderedOrDueAsync(CancellationToken stoppingToken)
    {
        using var due = new CancellationTokenSource(options.Value.Interval, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, due.Token);
        try
        {
            await _orders.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (due.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            // It is time for one that nobody ordered.
        }
    }
}
