using System.Text.RegularExpressions;

namespace Platform.AppHost.Hosting;

/// <summary>Log lines as a file or a terminal may have them.</summary>
internal static partial class LogText
{
    /// <summary>
    /// Replaces each of <paramref name="secrets"/> by <c>***</c>, removes colours, and replaces other control characters: what a caller
    /// sends may end in a log line, and must not control the terminal of whoever reads it.
    /// </summary>
    public static string Clean(string line, IReadOnlyList<string> secrets)
    {
        var text = secrets.Aggregate(Colour().Replace(line, ""), (redacted, secret) => redacted.Replace(secret, "***", StringComparison.Ordinal));
        return Control().Replace(text, "?");
    }

    // Services write for a terminal, since Aspire's dashboard shows colours.
    [GeneratedRegex("\x1b\\[[0-9;]*m", RegexOptions.NonBacktracking)]
    private static partial Regex Colour();

    [GeneratedRegex("[\\p{Cc}-[\t]]", RegexOptions.NonBacktracking)]
    private static partial Regex Control();
}
