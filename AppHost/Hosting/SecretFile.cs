using System.Text.Json;

namespace Platform.AppHost.Hosting;

/// <summary>
/// Secrets beside the data they protect, in a file that only its owner can read. Aspire keeps them in the project's user secrets, which are
/// one set for all data folders.
/// </summary>
internal sealed class SecretFile(string path)
{
    public const string Name = "parameters.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly SortedDictionary<string, string> _values = Read(path);

    /// <summary>The secret that the data was made with; for new data, the one that <paramref name="make"/> returns.</summary>
    public string GetOrAdd(string name, Func<string> make)
    {
        if (_values.TryGetValue(name, out var known)) return known;
        _values[name] = make();
        Write();
        return _values[name];
    }

    private static SortedDictionary<string, string> Read(string path)
    {
        if (!File.Exists(path)) return new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            return JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(path))!;
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException(
                $"{path} is no valid JSON ({exception.Message}) It holds the passwords of the data beside it: repair it, or start from zero with --reset.", exception);
        }
    }

    private void Write()
    {
        var next = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(next, options)) JsonSerializer.Serialize(stream, _values, Indented);
        File.Move(next, path, overwrite: true);
    }
}
