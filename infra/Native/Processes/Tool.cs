using System.Diagnostics;

namespace Platform.Native.Processes;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    /// <summary>Runs <paramref name="command"/> and returns what it wrote.</summary>
    /// <exception cref="ToolFailedException">It ended with an exit code other than 0.</exception>
    public static async Task<string> RunAsync(ProcessStartInfo command, UnixAccount? account, CancellationToken cancellationToken)
    {
        var program = Path.GetFileName(command.FileName);
        command.RedirectStandardOutput = command.RedirectStandardError = command.RedirectStandardInput = true;
        using var process = await ProcessLauncher.StartAsync(command, account);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0) throw new ToolFailedException(program, process.ExitCode, (await errors).Trim());
            return await output;
        }
        catch (OperationCanceledException)
        {
            Signals.Send(process, Signal.Kill);
            throw;
        }
    }
}
