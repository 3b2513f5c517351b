using System.Text.RegularExpressions;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.Sources;
using Xunit;

namespace Platform.Unit.CdcAnalytics;

/// <summary>Sources share a folder, and those of a cluster its names of slots.</summary>
public sealed partial class SourceNamesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-sources-");

    private CaptureOptions Options => new() { StatePath = Path.Combine(_folder.FullName, "capture.json") };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Slots_are_told_apart_and_are_names_that_Postgres_takes()
    {
        string[] databases = ["vault", "Vault", "vau-lt", "vau_lt", new('x', 60), new('x', 63), "tenant äöü"];
        var slots = databases.Select(database => SourceNames.Settings(Options, new("postgres", database)).Slot).ToList();
        Assert.Equal("platform_cdc_vault", slots[0]);
        Assert.Equal(databases.Length, slots.Distinct(StringComparer.Ordinal).Count());
        Assert.All(slots, slot => Assert.Matches(SlotName(), slot));
    }

    [Fact]
    public void A_source_is_remembered_by_its_file_whatever_it_is_called()
    {
        SourceAddress[] sources = [new("north", "platform"), new("postgres", "a@b"), new("no/rth.x", "../va ult"), new("north", "x.y")];
        foreach (var source in sources) File.WriteAllText(SourceNames.Settings(Options, source).StatePath, "{}");
        File.WriteAllText(Options.StatePath, "{}");
        File.WriteAllText(SourceNames.Settings(Options, new("north", "half")).StatePath + ".new", "{}");
        Assert.Equal(sources.OrderBy(source => source.ToString(), StringComparer.Ordinal), SourceNames.Remembered(Options).OrderBy(source => source.ToString(), StringComparer.Ordinal));
        Assert.Equal(sources.Length + 2, _folder.EnumerateFiles().Count());
    }

    [Fact]
    public void Events_of_another_cluster_have_another_name()
    {
        Assert.Equal("cdc", SourceNames.Settings(Options, new("postgres", "vault")).SourceName);
        Assert.Equal("cdc.north", SourceNames.Settings(Options, new("north", "platform")).SourceName);
        Assert.Equal("cdc", Options.SourceName);
    }

    [GeneratedRegex("^[a-z0-9_]{1,63}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SlotName();
}
