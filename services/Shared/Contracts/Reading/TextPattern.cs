using System.Text.RegularExpressions;

namespace Platform.Contracts.Reading;

/// <summary>Which regular expressions a contract may have: those that match in linear time, so that no input can make one slow.</summary>
internal static class TextPattern
{
    /// <summary>Why the pattern cannot be used, or null.</summary>
    public static string? Fault(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return null;
        }
        catch (RegexParseException exception)
        {
            return $"'{pattern}' is no regular expression ({exception.Error})";
        }
        catch (NotSupportedException)
        {
            return $"'{pattern}' needs backtracking";
        }
    }
}
