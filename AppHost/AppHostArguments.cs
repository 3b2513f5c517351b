using System.CommandLine;

namespace Platform.AppHost;

/// <summary>What a person can say on the command line. Everything ends as configuration, where other sources may set it too.</summary>
/// <param name="Configuration">Arguments for the host's configuration.</param>
internal sealed record AppHostArguments(string[] Configuration)
{
    /// <summary>Exit code of a command line that starts nothing.</summary>
    public static int ExitCode { get; private set; }

    /// <summary>Null when there is nothing to start: help was asked for, or the command line is wrong; both are said.</summary>
    public static AppHostArguments? Parse(string[] args)
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Folder of everything that stays. Default: .data beside the solution." };
        var reset = new Option<bool>("--reset") { Description = "Empty that folder first (local host)." };
        var noDemo = new Option<bool>("--no-demo") { Description = "Do not make believable traffic." };
        var quiet = new Option<bool>("--quiet") { Description = "Leave the services' log lines to the files in the data folder (local host)." };
        var infra = new Option<string>("--infra") { Description = "Data stores in containers, or native as plain processes. Default: native without Aspire and a container runtime." };
        infra.AcceptOnlyFromAmong("containers", "native");
        var root = new RootCommand(
            "Runs the whole platform on this machine. Any setting can follow as --Section:Key=value, for instance --Gateway:Port=8081 --Dashboard:Port=0.")
        {
            data, reset, noDemo, quiet, infra,
        };
        root.TreatUnmatchedTokensAsErrors = false;

        var result = root.Parse(args);
        var wrong = Refuse(result, reset);
        if (wrong is not null) Console.Error.WriteLine(wrong);
        if (wrong is not null || result.Errors.Count > 0 || result.Action is not null)
        {
            ExitCode = result.Action is null ? 1 : result.Invoke();
            if (wrong is not null) ExitCode = 1;
            return null;
        }

        List<string> configuration = [.. result.UnmatchedTokens];
        if (result.GetValue(data) is { } folder) configuration.Add($"--LocalHost:Data={folder.FullName}");
        if (result.GetValue(reset)) configuration.Add("--LocalHost:Reset=true");
        if (result.GetValue(quiet)) configuration.Add("--LocalHost:Quiet=true");
        if (result.GetValue(noDemo)) configuration.Add("--Demo:Enabled=false");
        if (result.GetValue(infra) is { } form) configuration.Add($"--Infra={form}");
        return new AppHostArguments([.. configuration]);
    }

    /// <summary>What is wrong with the command line for the host of this build; null when nothing is.</summary>
    private static string? Refuse(ParseResult result, Option<bool> reset)
    {
        if (AspireHost.IsUsed)
        {
            // Its own tools pass arguments that only Aspire knows, so an unknown one is not wrong.
            return result.GetValue(reset)
                ? "--reset is for the local host. Under Aspire, delete the data folder (.data, or the one of --data), or the volumes of the containers."
                : null;
        }

        return result.UnmatchedTokens.FirstOrDefault(token => !IsSetting(token)) is { } unknown
            ? $"Unknown argument '{unknown}'. --help lists what there is; settings are written --Section:Key=value."
            : null;
    }

    private static bool IsSetting(string token) => token.Split('=', 2) is [{ } key, _] && key.Contains(':', StringComparison.Ordinal);
}
