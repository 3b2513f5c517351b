using System.Collections.Frozen;

namespace Platform.Contracts.Reading;

/// <summary>The fields that one kind of object may have.</summary>
internal sealed class FieldSet
{
    private readonly FrozenDictionary<string, string?> _fields;

    /// <summary>Makes a set of supported fields.</summary>
    /// <param name="what">The object, as a message names it.</param>
    /// <param name="supported">Fields that mean something here or are documentation.</param>
    /// <param name="unsupported">Fields of the standard that promise what the platform does not do, with what to write instead.</param>
    public FieldSet(string what, string[] supported, params (string Field, string Advice)[] unsupported)
    {
        What = what;
        Supported = supported;
        _fields = supported.Select(field => KeyValuePair.Create(field, (string?)null))
            .Concat(unsupported.Select(entry => KeyValuePair.Create(entry.Field, (string?)entry.Advice)))
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    public string What { get; }

    public IReadOnlyCollection<string> Supported { get; }

    /// <summary>Reports a field that is unknown or unsupported.</summary>
    public void Check(string field, int line, Report report)
    {
        if (!_fields.TryGetValue(field, out var advice))
            report.Add(line, "unknown-field", $"{What} has no field '{field}'", Spelling.Advise(field, Supported));
        else if (advice is not null)
            report.Add(line, "unsupported-field", $"'{field}' has no effect here", advice);
    }
}
