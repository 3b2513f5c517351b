using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>
/// A process of the host. Its standard input is a pipe that only the host holds open: its end tells the child that the host is gone.
/// </summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Task _output;
    private readonly TimeProvider _time;

    private ChildProcess(Process process, ResourceLog log, TimeProvider time)
    {
        (_process, _time) = (process, time);
        _output = Task.WhenAll(CopyAsync(process.StandardOutput, "out", log), CopyAsync(process.StandardError, "err", log));
    }

    public int Id => _process.Id;

    public static ChildProcess Start(ProcessStartInfo command, ResourceLog log, TimeProvider time)
    {
        command.UseShellExecute = false;
        command.RedirectStandardInput = command.RedirectStandardOutput = command.RedirectStandardError = true;
        return new ChildProcess(Process.Start(command)!, log, time);
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        // What was written last matters most; a grandchild may keep the pipe open for longer.
        await Task.WhenAny(_output, Task.Delay(OutputPatience, _time, cancellationToken));
        return _process.ExitCode;
    }

    /// <summary>Asks the process to end, ends it with all its children when it has not after <paramref name="patience"/>, and gives the exit code.</summary>
    public async Task<int> StopAsync(TimeSpan patience)
    {
        if (!_process.HasExited)
        {
            if (!OperatingSystem.IsWindows()) _ = Kill(_process.Id, Terminate);
            _process.StandardInput.Close();
        }

        using var deadline = new CancellationTokenSource(patience, _time);
        await _process.WaitForExitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        return await WaitAsync(CancellationToken.None);
    }

    public void Dispose() => _process.Dispose();

    private static async Task CopyAsync(StreamReader source, string stream, ResourceLog log)
    {
        while (await source.ReadLineAsync(CancellationToken.None) is { } line) log.Write(stream, line);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
