using System.Diagnostics;
using Platform.Harness;

namespace Platform.EndToEnd;

/// <summary>Runs the host with a command line that ends by itself.</summary>
internal static class HostCommandLine
{
    /// <summary>The exit code, and what was written to both outputs.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <inheritdoc cref="RunAsync(string[])" />
    /// <param name="environment">Variables besides the inherited ones.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [RepositoryFolder.AppHost, .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var host = Process.Start(start)!;
        var (output, error) = (host.StandardOutput.ReadToEndAsync(), host.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await host.WaitForExitAsync(patience.Token);
        return (host.ExitCode, await output + await error);
    }
}
