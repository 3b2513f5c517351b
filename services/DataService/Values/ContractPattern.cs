using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Platform.DataService.Values;

/// <summary>The compiled patterns of contracts. Linear-time matching, so that no input can make one slow.</summary>
internal static class ContractPattern
{
    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    public static bool IsMatch(string pattern, string text) =>
        Compiled.GetOrAdd(pattern, p => new Regex($"^(?:{p})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)).IsMatch(text);
}
