using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Platform.AppHost.Resources;

namespace Platform.AppHost.Hosting;

/// <summary>
/// Volumes of the data stores in containers. Their names begin with a hash of the data folder's path, so that each folder has its own.
/// </summary>
internal static class ContainerVolumes
{
    /// <summary>Name of the volume of a resource. Published, it is the resource's name alone: there is no folder then.</summary>
    public static string VolumeName(this IDistributedApplicationBuilder builder, string resource) =>
        builder.ExecutionContext.IsPublishMode ? $"{resource}-data" : $"{Prefix(DataFolder.PathOf(builder))}{resource}";

    /// <summary>Deletes every volume of a data folder.</summary>
    /// <exception cref="DistributedApplicationException">The container runtime does not do it.</exception>
    public static void Remove(string folder)
    {
        var names = Run("volume", "ls", "--quiet", "--filter", $"name={Prefix(folder)}").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length > 0) Run(["volume", "rm", "--force", .. names]);
    }

    private static string Prefix(string folder) => $"platform-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..10]}-";

    private static string Run(params string[] arguments)
    {
        var program = ContainerRuntime.Find()
            ?? throw new DistributedApplicationException("--reset has to delete the volumes of the containers, and neither docker nor podman answers. Start it, or use --infra native.");
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new DistributedApplicationException($"{program} {string.Join(' ', arguments)} failed: {error.GetAwaiter().GetResult().Trim()} Stop the containers that use the data, then try again.");
        return output;
    }
}
