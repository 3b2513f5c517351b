using System.Diagnostics;
using Platform.Local;

namespace Platform.Native.Processes;

/// <summary>A child process that is started again, with back-off, whenever it ends without being asked to.</summary>
internal sealed class SupervisedProcess(SupervisedProcessOptions options, TextWriter log, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly RestartDelay _delay = new(time);
    private volatile string? _problem = "starting";
    private volatile Process? _process;
    private Task _running = Task.CompletedTask;

    /// <summary>Null while the process runs; otherwise why it does not.</summary>
    public string? Problem => _problem;

    /// <summary>Id of the running process; null while there is none.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>Ends when the process was stopped, and fails when it cannot run on this machine at all.</summary>
    public Task Running => _running;

    /// <summary>Begins to keep the process running.</summary>
    public void Start() => _running = RunAsync(_stopping.Token);

    /// <summary>Ends the process; it is prepared and started again.</summary>
    public void Restart()
    {
        if (_process is { } process) Signals.Send(process, options.HardStop);
    }

    /// <summary>Stops the process: asked first, told after the patience of the options.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _delay.Begin();
            var end = await RunOnceAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested) break;

            var wait = _delay.Next();
            _problem = $"restart in {wait.TotalSeconds:0.#} s after: {end}";
            await log.WriteLineAsync($"native: {options.Name}: {_problem}".AsMemory(), CancellationToken.None);
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _problem = "stopped";
    }

    /// <summary>Runs the process once and says how it ended.</summary>
    private async Task<string> RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var command = await options.PrepareAsync(cancellationToken);
            command.RedirectStandardOutput = command.RedirectStandardError = command.RedirectStandardInput = true;
            using var process = await ProcessLauncher.StartAsync(command, options.Account, options.DeathSignal);
            process.StandardInput.Close();
            _process = process;
            _problem = null;
            var output = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                await StopAsync(process);
            }

            _process = null;
            // A grandchild that outlives the process may hold its output open.
            await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None));
            return $"exit code {process.ExitCode}";
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return "stopped";
        }
        catch (NativeServerException exception)
        {
            _problem = exception.Message;
            throw;
        }
#pragma warning disable CA1031 // Whatever it is, the next attempt may go better.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.Message;
        }
        finally
        {
            _process = null;
        }
    }

    private async Task StopAsync(Process process)
    {
        Signals.Send(process, options.CleanStop);
        using var patience = new CancellationTokenSource(options.StopPatience, time);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (process.HasExited) return;

        await log.WriteLineAsync($"native: {options.Name}: no clean stop within {options.StopPatience.TotalSeconds} s, stopping it hard".AsMemory(), CancellationToken.None);
        Signals.Send(process, options.HardStop);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    private async Task CopyAsync(StreamReader source)
    {
        while (await source.ReadLineAsync(CancellationToken.None) is { } line)
            await log.WriteLineAsync(line.AsMemory(), CancellationToken.None);
    }
}
