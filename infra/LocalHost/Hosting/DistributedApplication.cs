using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Reporting;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application that runs on this machine as plain processes.</summary>
public sealed class DistributedApplication : IAsyncDisposable
{
    private readonly IReadOnlyList<IResource> _resources;
    private readonly LocalHostSettings _settings;
    private readonly ProjectOutputs _outputs;
    private readonly DistributedApplicationExecutionContext _context;
    private readonly IHostEnvironment _environment;
    private Launch? _launch;

    internal DistributedApplication(
        IReadOnlyList<IResource> resources, LocalHostSettings settings, ProjectOutputs outputs,
        DistributedApplicationExecutionContext context, IHostEnvironment environment) =>
        (_resources, _settings, _outputs, _context, _environment) = (resources, settings, outputs, context, environment);

    /// <summary>Begins to describe an application.</summary>
    /// <param name="args">Configuration, as <c>--Section:Key=value</c>.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Runs until Ctrl-C or SIGTERM. A machine on which it cannot run gets a message and exit code 1.</summary>
#pragma warning disable MA0045 // Aspire has this form; a main method calls it.
    public void Run() => RunAsync().GetAwaiter().GetResult();
#pragma warning restore MA0045

    /// <summary>Runs until Ctrl-C, SIGTERM or <paramref name="cancellationToken"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            await StartAsync(stop.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while starting.
        }
        catch (DistributedApplicationException exception)
        {
            HostConsole.Error(exception.Message);
            System.Environment.ExitCode = 1;
        }

        await StopAsync(CancellationToken.None);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Starts everything, and returns when the resources are on their way: each starts as soon as what it waits for is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _launch = await Launch.PrepareAsync(_resources, _settings, _outputs, _context, _environment, cancellationToken);
        _launch.Begin();
    }

    /// <summary>Stops everything, what depends on others first. Takes less than 10 s.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_launch is null) return;
        await _launch.StopAsync();
        await _launch.DisposeAsync();
        _launch = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);
}
