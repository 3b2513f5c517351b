using Microsoft.Extensions.Options;
using Platform.CdcAnalytics.Warehouse;

namespace Platform.CdcAnalytics.Lake;

/// <summary>
/// The folder of the lake's files, <c>entity=…/tenant=…/day=…/….parquet</c>. Files are written under <c>_staging</c>, which other engines pass over, and moved to their
/// place when they are complete.
/// </summary>
internal sealed class LakeFolder(IOptions<LakeOptions> options, IOptions<WarehouseOptions> warehouse)
{
    private const string StagingName = "_staging";

    /// <summary>Full path.</summary>
    public string Root { get; } = Path.GetFullPath(
        options.Value.Path ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(warehouse.Value.Path))!, "lake"));

    /// <summary>Paths of all files in their place, relative to the root.</summary>
    public IReadOnlyList<string> Files() => Directory.Exists(Root)
        ? [.. Directory.EnumerateFiles(Root, "*.parquet", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file)).Where(file => !file.StartsWith(StagingName, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Path of a relative one.</summary>
    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>An empty folder for files that are being written.</summary>
    public string NewStaging()
    {
        var staging = this[StagingName];
        if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        Directory.CreateDirectory(staging);
        return staging;
    }

    /// <summary>Moves what lies in the staging folder to its place.</summary>
    /// <param name="name">What its files are called; nobody else's are.</param>
    /// <returns>The files, relative to the root.</returns>
    public IReadOnlyList<string> Publish(string name)
    {
        List<string> files = [];
        foreach (var staged in Directory.EnumerateFiles(this[StagingName], "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList())
        {
            var folder = Path.GetRelativePath(this[StagingName], Path.GetDirectoryName(staged)!);
            var file = Path.Combine(folder, $"{name}-{files.Count}.parquet");
            Directory.CreateDirectory(this[folder]);
            File.Move(staged, this[file]);
            files.Add(file);
        }

        return files;
    }

    public void Delete(IEnumerable<string> files)
    {
        foreach (var file in files) File.Delete(this[file]);
    }
}
