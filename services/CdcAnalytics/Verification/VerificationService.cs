using System.Threading.Channels;
using DuckDB.NET.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Platform.CdcAnalytics.Verification;

/// <summary>Compares source and warehouse now and then, and when it is ordered to. Thread-safe.</summary>
internal sealed class VerificationService(
    SourceVerification verification, IOptions<VerificationOptions> options, TimeProvider clock, ILogger<VerificationService> logger) : BackgroundService
{
    private readonly Channel<bool> _orders = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The state at this moment.</summary>
    public VerificationState State { get; private set; } = new(IsRunning: false, Problem: null, Last: null);

    /// <summary>Orders a comparison; one that is under way is followed by another.</summary>
    public void Order() => _orders.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await OrderedOrDueAsync(stoppingToken);
            State = State with { IsRunning = true };
            try
            {
                State = new(IsRunning: false, Problem: null, await verification.RunAsync(stoppingToken));
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or DuckDBException or IOException)
            {
                logger.Failed(exception.Message);
                State = State with { IsRunning = false, Problem = exception.Message };
            }
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
