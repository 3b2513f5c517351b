using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Values of parameters: configuration first, then <c>parameters.json</c> in the data folder, which only its owner can read.</summary>
internal sealed class ParameterStore(IConfiguration configuration, LocalHostSettings settings)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private string FilePath => Path.Combine(settings.Data, "parameters.json");

    private string? Find(string name) => configuration[$"Parameters:{name}"];

    public string Require(string name) => Find(name)
        ?? throw new DistributedApplicationException($"Parameter '{name}' has no value. Give one: --Parameters:{name}=...");

    public string FindOrMake(string name, ParameterDefault value, bool persist)
    {
        if (Find(name) is { } given) return given;
        if (!persist) return value.GetDefaultValue();

        var kept = Read();
        if (kept.TryGetValue(name, out var known)) return known;
        kept[name] = value.GetDefaultValue();
        Write(kept);
        return kept[name];
    }

    private SortedDictionary<string, string> Read()
    {
        if (!File.Exists(FilePath)) return new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            return JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(FilePath))!;
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException(
                $"{FilePath} is no valid JSON ({exception.Message}) It holds the passwords of the data beside it: mend it, or start from zero with --reset.",
                exception);
        }
    }

    private void Write(SortedDictionary<string, string> values)
    {
        var next = FilePath + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(next, options)) JsonSerializer.Serialize(stream, values, Indented);
        File.Move(next, FilePath, overwrite: true);
    }
}
