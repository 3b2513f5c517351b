using System.Text.RegularExpressions;
using Platform.Harness;
using Xunit;

namespace Platform.Unit.Build;

/// <summary>Alerts filter on the ids of log events, so an id means one thing in the whole platform.</summary>
public sealed partial class LogEventIdTests
{
    [Fact]
    public void No_id_stands_twice()
    {
        string[] folders = ["AppHost", "ServiceDefaults", "services", "infra"];
        var ids = folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Root, folder), "*Log.cs", SearchOption.AllDirectories))
            .SelectMany(file => EventId().Matches(File.ReadAllText(file)).Select(match => (Id: match.Groups["id"].Value, File: Path.GetFileName(file))))
            .ToList();
        Assert.NotEmpty(ids);
        Assert.Empty(ids.GroupBy(one => one.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(one => one.File))}"));
    }

    [GeneratedRegex(@"LoggerMessage\((EventId = )?(?<id>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EventId();
}
