using Platform.Contracts.Reading;
using Platform.Contracts.Rules;

namespace Platform.Contracts;

/// <summary>
/// Reads data contracts (Open Data Contract Standard 3.1 with the platform's custom properties; see <c>contracts/README.md</c>).
/// The whole set is checked before any of it is used.
/// </summary>
public static class ContractLoader
{
    /// <summary>How the file name of a contract ends.</summary>
    public const string FileEnding = ".odcs.yaml";

    /// <summary>Reads every <c>*.odcs.yaml</c> of a folder.</summary>
    /// <param name="folder">The folder; by default <c>contracts</c> beside the program, which the build puts there.</param>
    /// <exception cref="ContractException">Something is wrong in at least one of them; all of it is told.</exception>
    public static ContractSet Load(string? folder = null)
    {
        folder ??= Path.Combine(AppContext.BaseDirectory, "contracts");
        if (!Directory.Exists(folder))
        {
            throw new ContractException([new(folder, 1, "no-contracts", "the folder does not exist",
                $"create it with one <entity>{FileEnding} per entity")]);
        }

        var shown = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return Parse(Directory.EnumerateFiles(folder, "*" + FileEnding)
            .Order(StringComparer.Ordinal)
            .Select(file => new ContractSource($"{shown}/{Path.GetFileName(file)}", File.ReadAllText(file))));
    }

    /// <summary>Reads contracts from their texts.</summary>
    /// <exception cref="ContractException">Something is wrong in at least one of them; all of it is told.</exception>
    public static ContractSet Parse(IEnumerable<ContractSource> sources)
    {
        var violations = new List<ContractViolation>();
        var drafts = new List<EntityDraft>();
        var allRead = true;
        foreach (var source in sources)
        {
            var report = new Report(source.Path);
            if (EntityReader.Read(source, report) is { } draft) drafts.Add(draft);
            else allRead = false;
            violations.AddRange(report.Violations);
        }

        if (drafts.Count == 0 && violations.Count == 0)
        {
            violations.Add(new("contracts", 1, "no-contracts", "there is no contract",
                $"write one <entity>{FileEnding} per entity"));
        }

        violations.AddRange(UniqueNameRules.Check(drafts));
        // A file that could not be read may hold what the others refer to.
        if (allRead) violations.AddRange([.. ReferenceRules.Check(drafts), .. RollupRules.Check(drafts)]);
        violations.AddRange(ReferenceCycleRules.Check(drafts));
        if (violations.Count > 0)
        {
            throw new ContractException([.. violations
                .OrderBy(violation => violation.File, StringComparer.Ordinal)
                .ThenBy(violation => violation.Line)]);
        }

        return new ContractSet(ReferenceOrder.Of(drafts.Select(draft => draft.ToContract())));
    }
}
