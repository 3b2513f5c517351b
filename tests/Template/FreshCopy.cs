using System.Diagnostics;
using Platform.Harness;

namespace Platform.Template;

/// <summary>A copy of the repository under another name, as somebody has it who starts a product from it.</summary>
internal sealed class FreshCopy : IDisposable
{
    private static readonly string[] NotSources = [".git", ".data", "artifacts", ".vs", ".idea", ".vscode"];

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("platform-copy-");

    /// <param name="name">Name of the folder and of the solution.</param>
    public FreshCopy(string name)
    {
        Root = Path.Combine(_parent.FullName, name);
        Copy(new DirectoryInfo(RepositoryFolder.Root), Root);
        File.Move(Path.Combine(Root, "Platform.sln"), Path.Combine(Root, $"{name}.sln"));
    }

    public string Root { get; }

    /// <summary>The built host.</summary>
    public string AppHost => Path.Combine(Root, "artifacts", "bin", "AppHost", "debug", "AppHost.dll");

    /// <summary>Runs dotnet in the copy; its exit code and what it wrote.</summary>
    public async Task<(int ExitCode, string Output)> DotnetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Root, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // Build servers of this test's own build would keep files of the copy open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    public void Dispose() => _parent.Delete(recursive: true);

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles()) file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.EnumerateDirectories().Where(folder => !NotSources.Contains(folder.Name, StringComparer.Ordinal)))
            Copy(folder, Path.Combine(to, folder.Name));
    }
}
