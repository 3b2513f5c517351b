using System.Diagnostics;

namespace Platform.Integration.Native;

/// <summary>The program that runs one server, as a process of its own.</summary>
internal static class NativeProgram
{
    /// <summary>Runs it until it gives up, which is what it is started for, and tells its exit code and what it wrote about the reason.</summary>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="cancellationToken">Ends it when it does not end by itself.</param>
    /// <param name="environment">Variables that differ from this process's; empty ones are removed.</param>
    public static async Task<(int ExitCode, string Reason)> RunAsync(
        IEnumerable<string> arguments, CancellationToken cancellationToken, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Native.dll"), .. arguments])
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var reason = process.StandardError.ReadToEndAsync(cancellationToken);
            _ = process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await reason);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
