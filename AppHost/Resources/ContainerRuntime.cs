using System.ComponentModel;
using System.Diagnostics;

namespace Platform.AppHost.Resources;

/// <summary>Docker or Podman on this machine.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Lazy<string?> Found = new(() => new[] { "docker", "podman" }.FirstOrDefault(Responds));

    /// <summary>The program of the first one that is installed and whose daemon answers; null when there is none. Asked once.</summary>
    public static string? Find() => Found.Value;

    private static bool Responds(string program)
    {
        try
        {
            var info = new ProcessStartInfo(program, ["info", "--format", "{{.ID}}"])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            using var process = Process.Start(info);
            if (process!.WaitForExit(Patience)) return process.ExitCode == 0;
            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
