namespace Platform.Contracts.Reading;

/// <summary>Guesses which known word a misspelt one stands for.</summary>
internal static class Spelling
{
    /// <summary>The advice for a word that is none of the known ones: the nearest of them, or all.</summary>
    public static string Advise(string written, IReadOnlyCollection<string> known) => Nearest(written, known) is { } nearest
        ? $"did you mean '{nearest}'?"
        : OneOf(known);

    /// <summary>The advice to choose one of the words.</summary>
    public static string OneOf(IReadOnlyCollection<string> known) => known.Count == 1
        ? $"write {known.First()}"
        : $"write one of {string.Join(", ", known)}";

    /// <summary>The known word that is at most a third of its letters away, or null.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        var (nearest, distance) = known
            .Select(word => (Word: word, Distance: Distance(written.ToUpperInvariant(), word.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return nearest is not null && distance <= Math.Max(1, nearest.Length / 3) ? nearest : null;
    }

    /// <summary>Letters to insert, remove or replace to make one word of the other (Levenshtein).</summary>
    public static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
