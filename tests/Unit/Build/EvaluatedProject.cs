using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Platform.Unit.Build;

/// <summary>A project as MSBuild sees it.</summary>
internal sealed class EvaluatedProject(JsonElement answer)
{
    public IReadOnlyList<string> Items(string name) =>
        [.. answer.GetProperty("Items").GetProperty(name).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];

    /// <summary>Evaluates a project of the repository.</summary>
    /// <param name="project">Its path in the repository.</param>
    /// <param name="property">A property as on the command line; null for none.</param>
    public static async Task<EvaluatedProject> ReadAsync(string project, string? property = null)
    {
        string[] arguments =
        [
            "msbuild", Path.Combine(Root, project), "-nologo", "-getItem:PackageReference,PackageVersion,Compile",
            .. property is null ? [] : new[] { property },
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("AspireKafkaClient");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await error);
        using var document = JsonDocument.Parse(await output);
        return new EvaluatedProject(document.RootElement.Clone());
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props"))) folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not below the repository.");
        }
    }
}
