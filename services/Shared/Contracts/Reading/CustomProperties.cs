using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Platform.Contracts.Reading;

/// <summary>
/// The platform's custom properties of one object. Their list is read as if each were a field, so that a misspelt one, or one in the
/// wrong place, is an error and not a setting that quietly does nothing.
/// </summary>
internal sealed class CustomProperties
{
    /// <summary>Custom properties of the contract as a whole, of a schema object and of a property.</summary>
    public static readonly string[]
        OfDocuments = [],
        OfEntities = ["partitioning", "cache", "temporal", "analytics", "rollups"],
        OfColumns = ["money", "indexed", "generated"];

    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);
    private readonly Report _report;

    private CustomProperties(Report report) => _report = report;

    /// <summary>Reads <c>customProperties</c>; unknown and repeated ones are reported.</summary>
    public static CustomProperties Read(MapNode owner, IReadOnlyCollection<string> known, Report report)
    {
        var properties = new CustomProperties(report);
        foreach (var entry in owner.Maps("customProperties", OdcsFields.CustomProperty))
        {
            if (entry.RequiredText("property", "write the custom property's name") is not { } name) continue;
            if (!known.Contains(name.Value))
                report.Add(name.Line, "unknown-custom-property", Problem(name.Value), Advice(name.Value, known));
            else if (entry.Node("value") is not { } value)
                report.Add(entry.Line, "missing-field", $"'{name.Value}' has no value", "write 'value'");
            else if (!properties._values.TryAdd(name.Value, value))
                report.Add(name.Line, "duplicate", $"'{name.Value}' is written twice", "leave one of them out");
        }

        return properties;
    }

    public bool Has(string property) => _values.ContainsKey(property);

    public int LineOf(string property) => MapNode.LineOf(_values[property]);

    public bool? Flag(string property)
    {
        if (!_values.TryGetValue(property, out var node)) return null;
        if (node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && bool.TryParse(scalar.Value, out var flag)) return flag;
        _report.Add(MapNode.LineOf(node), "wrong-kind", $"the value of '{property}' is not true or false", "write true or false");
        return null;
    }

    /// <summary>The value as a mapping with these fields; null when the property is absent or, reported, no mapping.</summary>
    public MapNode? Map(string property, FieldSet fields, Report report) =>
        _values.TryGetValue(property, out var node) ? MapNode.Of(node, fields, report) : null;

    /// <summary>The value as a list of mappings with these fields; none when the property is absent or, reported, no list.</summary>
    public IEnumerable<MapNode> Maps(string property, FieldSet fields)
    {
        if (!_values.TryGetValue(property, out var node)) return [];
        if (node is YamlSequenceNode list) return list.Children.Select(item => MapNode.Of(item, fields, _report)).OfType<MapNode>();
        _report.Add(MapNode.LineOf(node), "wrong-kind", $"the value of '{property}' is not a list", "write a list");
        return [];
    }

    private static string Problem(string name) =>
        OfEntities.Contains(name) || OfColumns.Contains(name) ? $"'{name}' does not belong here" : $"there is no custom property '{name}'";

    private static string Advice(string name, IReadOnlyCollection<string> known)
    {
        if (OfEntities.Contains(name)) return "write it in the customProperties of the schema object";
        if (OfColumns.Contains(name)) return "write it in the customProperties of a property";
        return known.Count == 0 ? "leave it out" : Spelling.Advise(name, known);
    }
}
