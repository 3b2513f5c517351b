using System.CommandLine;

namespace Platform.AppHost;

/// <summary>The command line of a person. Each option ends as configuration, where other sources may set it too.</summary>
/// <param name="Configuration">Arguments for the host's configuration.</param>
internal sealed record AppHostArguments(string[] Configuration)
{
    /// <summary>Options that Aspire and its command line tool give an AppHost, each with a value or without.</summary>
    private static readonly HashSet<string> AspireOptions = new(StringComparer.Ordinal)
    {
        "--operation", "--publisher", "--output-path", "--deploy", "--step", "--list-steps", "--log-level", "--environment", "--clear-cache",
        "--include-exception-details", "--dcp-cli-path", "--dcp-container-runtime", "--dcp-dashboard-path", "--dcp-dependency-check-timeout",
    };

    /// <summary>Exit code of a command line that starts nothing.</summary>
    public static int ExitCode { get; private set; }

    /// <summary>
    /// Null when there is nothing to start: help was asked for, or the command line is wrong; both are written to the console.
    /// </summary>
    public static AppHostArguments? Parse(string[] args)
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Folder of data, passwords and logs. Default: .data beside the solution." };
        var reset = new Option<bool>("--reset") { Description = "Delete all data first, of containers too." };
        var noDemo = new Option<bool>("--no-demo") { Description = "Do not start the demo's traffic; Aspire's dashboard can start it later." };
        var quiet = new Option<bool>("--quiet") { Description = "Write the resources' log lines to the files in the data folder only." };
        var infra = new Option<string>("--infra") { Description = "Data stores in containers, or native as plain processes. Default: containers where a container runtime answers." };
        infra.AcceptOnlyFromAmong("containers", "native");
        var root = new RootCommand(
            "Runs the whole platform on this machine. Any setting can follow as --Section:Key=value, for instance --Gateway:Port=8081 --Dashboard:Port=0.")
        {
            data, reset, noDemo, quiet, infra,
        };
        root.TreatUnmatchedTokensAsErrors = false;

        var result = root.Parse(args);
        var unknown = FindUnknown(result.UnmatchedTokens);
        if (unknown is not null) Console.Error.WriteLine($"Unknown argument '{unknown}'. --help lists the options; settings are written --Section:Key=value.");
        if (unknown is not null || result.Errors.Count > 0 || result.Action is not null)
        {
            ExitCode = result.Action is null ? 1 : result.Invoke();
            if (unknown is not null) ExitCode = 1;
            return null;
        }

        List<string> configuration = [.. result.UnmatchedTokens];
        if (result.GetValue(data) is { } folder) configuration.Add($"--Host:Data={folder.FullName}");
        if (result.GetValue(reset)) configuration.Add("--Host:Reset=true");
        if (result.GetValue(quiet)) configuration.Add("--Host:Quiet=true");
        if (result.GetValue(noDemo)) configuration.Add("--Demo:Enabled=false");
        if (result.GetValue(infra) is { } form) configuration.Add($"--Infra={form}");
        return new AppHostArguments([.. configuration]);
    }

    private static string? FindUnknown(IReadOnlyList<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (AspireOptions.Contains(tokens[i].Split('=')[0]))
            {
                var valueFollows = !tokens[i].Contains('=', StringComparison.Ordinal) && i + 1 < tokens.Count && !tokens[i + 1].StartsWith("--", StringComparison.Ordinal);
                if (valueFollows) i++;
            }
            else if (!IsSetting(tokens[i]))
            {
                return tokens[i];
            }
        }

        return null;
    }

    private static bool IsSetting(string token) => token.Split('=', 2) is [{ } key, _] && key.Contains(':', StringComparison.Ordinal);
}
