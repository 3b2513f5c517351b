using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Platform.Harness;

/// <summary>The host in a process of its own, as a user runs it.</summary>
internal sealed class HostProcess : IRunningHost
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly StringWriter _output = new();

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public static HostProcess Start(string appHost, IReadOnlyList<string> arguments) => new(Process.Start(new ProcessStartInfo("dotnet", [appHost, .. arguments])
    {
        WorkingDirectory = RepositoryFolder.Root, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!);

    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resource, string command, IReadOnlyList<(string Name, string Value)> arguments) =>
        throw new NotSupportedException("Commands are executed in the tests' own process: use RunningPlatform.StartAsync.");

    public async Task StopAsync()
    {
        using var patience = new CancellationTokenSource(StopDeadline);
        Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();
        await _process.WaitForExitAsync(patience.Token);
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited) await StopAsync();
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Write(string? line)
    {
        lock (_output) _output.WriteLine(line);
    }
}
