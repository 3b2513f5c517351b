using System.Globalization;

namespace Platform.Benchmarks.Platform;

/// <summary>A process with everything that descends from it, from Linux' <c>/proc</c>.</summary>
internal sealed class ProcessTree(int root)
{
    private const double TicksPerSecond = 100;

    /// <summary>Processor time that the tree has used up to now.</summary>
    public TimeSpan ProcessorTime => TimeSpan.FromSeconds(Members().Sum(id => Ticks(id) / TicksPerSecond));

    /// <summary>
    /// Memory of the .NET processes of the tree in megabytes: resident, and proportional (a page that several processes share counts
    /// once).
    /// </summary>
    public (double Resident, double Proportional) DotnetMegabytes()
    {
        var own = Members().Where(id => Read(id, "comm").StartsWith("dotnet", StringComparison.Ordinal) || Read(id, "cmdline").Contains(".dll", StringComparison.Ordinal)).ToList();
        return (own.Sum(id => Kilobytes(id, "Rss:")) / 1024, own.Sum(id => Kilobytes(id, "Pss:")) / 1024);
    }

    private List<int> Members()
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Select(id => (Id: id, Fields: Fields(id))).Where(process => process.Fields.Length > 1)
            .ToLookup(process => int.Parse(process.Fields[1], CultureInfo.InvariantCulture), process => process.Id);
        List<int> members = [root];
        for (var i = 0; i < members.Count; i++) members.AddRange(parents[members[i]]);
        return members;
    }

    // The fields behind the program's name, which may have spaces: state, parent, ...
    private static string[] Fields(int id)
    {
        var stat = Read(id, "stat");
        var end = stat.LastIndexOf(')');
        return end < 0 ? [] : stat[(end + 2)..].Split(' ');
    }

    private static double Ticks(int id) =>
        Fields(id) is { Length: > 14 } fields ? double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture) : 0;

    private static double Kilobytes(int id, string field) => Read(id, "smaps_rollup").Split('\n')
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended meanwhile.
        }
    }
}
