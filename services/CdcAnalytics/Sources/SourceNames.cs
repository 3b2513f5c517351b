using System.Security.Cryptography;
using System.Text;
using Platform.CdcAnalytics.Capture;

namespace Platform.CdcAnalytics.Sources;

/// <summary>What a source that is not the default one is called where names must be its own: slot, file, events.</summary>
internal static class SourceNames
{
    // The longest name that Postgres gives to anything (NAMEDATALEN - 1).
    private const int LongestSlot = 63;

    /// <summary>How a source is captured.</summary>
    public static CaptureOptions Settings(CaptureOptions options, SourceAddress source) => options.For(
        Slot(options, source), StatePath(options, source), source.Cluster == options.Cluster ? options.TopicPrefix : $"{options.TopicPrefix}.{source.Cluster}");

    /// <summary>The sources that files beside the default one's remember.</summary>
    public static IEnumerable<SourceAddress> Remembered(CaptureOptions options)
    {
        var (folder, stem, extension) = Parts(options);
        if (!Directory.Exists(folder)) yield break;
        foreach (var file in Directory.EnumerateFiles(folder, $"{stem}.*@*{extension}").Order(StringComparer.Ordinal))
        {
            if (!file.EndsWith(extension, StringComparison.Ordinal)) continue;
            var name = Path.GetFileName(file)[(stem.Length + 1)..^extension.Length].Split('@');
            if (name.Length == 2) yield return new(Uri.UnescapeDataString(name[1]), Uri.UnescapeDataString(name[0]));
        }
    }

    // A slot's name is unique in its cluster, and made of small letters, digits and underscores.
    private static string Slot(CaptureOptions options, SourceAddress source)
    {
        var name = $"{options.Slot}_{source.Database}";
        if (name.Length <= LongestSlot && name.All(c => c is '_' or (>= 'a' and <= 'z') or (>= '0' and <= '9'))) return name;
        var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));
        var distinction = $"_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.Database)))[..8]}";
        return plain[..Math.Min(plain.Length, LongestSlot - distinction.Length)] + distinction;
    }

    private static string StatePath(CaptureOptions options, SourceAddress source)
    {
        var (folder, stem, extension) = Parts(options);
        return Path.Combine(folder, $"{stem}.{Uri.EscapeDataString(source.Database)}@{Uri.EscapeDataString(source.Cluster)}{extension}");
    }

    private static (string Folder, string Stem, string Extension) Parts(CaptureOptions options)
    {
        var path = Path.GetFullPath(options.StatePath);
        return (Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
    }
}
