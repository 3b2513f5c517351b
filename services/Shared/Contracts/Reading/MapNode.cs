using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Platform.Contracts.Reading;

/// <summary>
/// A YAML mapping whose fields are read by kind; what is missing, misspelt or of another kind is reported where it stands.
/// </summary>
internal sealed class MapNode
{
    private readonly Dictionary<string, YamlNode> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly FieldSet _known;
    private readonly Report _report;

    private MapNode(YamlMappingNode node, FieldSet known, Report report)
    {
        (_known, _report, Line) = (known, report, LineOf(node));
        foreach (var (key, value) in node.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            known.Check(name, LineOf(key), report);
            _fields[name] = value;
            _lines[name] = LineOf(key);
        }
    }

    /// <summary>The line that it begins in.</summary>
    public int Line { get; }

    /// <summary>Reads a node as a mapping with these fields; null, reported, when it is something else.</summary>
    public static MapNode? Of(YamlNode node, FieldSet known, Report report)
    {
        if (node is YamlMappingNode mapping) return new(mapping, known, report);
        report.Add(LineOf(node), "wrong-kind", $"{known.What} is a mapping of fields",
            known.Supported.Count == 0 ? "leave it out" : $"write fields such as '{known.Supported.First()}: ...'");
        return null;
    }

    /// <summary>The line of a node.</summary>
    public static int LineOf(YamlNode node) => (int)node.Start.Line;

    /// <summary>The line of a field, or of the mapping when it lacks the field.</summary>
    public int LineOf(string field) => _lines.GetValueOrDefault(field, Line);

    public bool Has(string field) => Node(field) is not null;

    /// <summary>The field's node; null when it is absent or empty.</summary>
    public YamlNode? Node(string field) =>
        _fields.GetValueOrDefault(field) is { } node
        && node is not YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" }
            ? node
            : null;

    public Located<string>? Text(string field)
    {
        if (Node(field) is not { } node) return null;
        if (node is YamlScalarNode { Value: { } value }) return new(value, LineOf(node));
        WrongKind(field, node, "a text");
        return null;
    }

    public Located<string>? RequiredText(string field, string advice)
    {
        if (Has(field)) return Text(field);
        _report.Add(Line, "missing-field", $"{_known.What} needs '{field}'", advice);
        return null;
    }

    /// <summary>A text that is one of some words.</summary>
    public Located<string>? Word(string field, string rule, IReadOnlyCollection<string> words)
    {
        if (Text(field) is not { } text) return null;
        if (words.Contains(text.Value)) return text;
        _report.Add(text.Line, rule, $"'{text.Value}' is no {field}", Spelling.OneOf(words));
        return null;
    }

    public bool? Flag(string field)
    {
        if (Node(field) is not { } node) return null;
        if (node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && bool.TryParse(scalar.Value, out var flag)) return flag;
        WrongKind(field, node, "true or false");
        return null;
    }

    public Located<decimal>? Number(string field)
    {
        if (Node(field) is not { } node) return null;
        if (node is YamlScalarNode { Style: ScalarStyle.Plain } scalar
            && decimal.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return new(number, LineOf(node));
        WrongKind(field, node, "a number");
        return null;
    }

    /// <summary>A whole number within bounds.</summary>
    public int? Whole(string field, int minimum, int maximum)
    {
        if (Node(field) is not { } node) return null;
        if (node is YamlScalarNode { Style: ScalarStyle.Plain } scalar
            && int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum) return number;
        WrongKind(field, node, $"a whole number from {minimum} to {maximum}");
        return null;
    }

    /// <summary>The items of a list; none when the field is absent.</summary>
    public IEnumerable<YamlNode> Items(string field)
    {
        if (Node(field) is not { } node) return [];
        if (node is YamlSequenceNode sequence) return sequence.Children;
        WrongKind(field, node, "a list");
        return [];
    }

    /// <summary>The items of a list of texts.</summary>
    public IReadOnlyList<Located<string>> Texts(string field)
    {
        var texts = new List<Located<string>>();
        foreach (var item in Items(field))
        {
            if (item is YamlScalarNode { Value: { } value }) texts.Add(new(value, LineOf(item)));
            else WrongKind(field, item, "a list of texts");
        }

        return texts;
    }

    /// <summary>The mappings of a list.</summary>
    public IEnumerable<MapNode> Maps(string field, FieldSet known)
    {
        foreach (var item in Items(field))
        {
            if (Of(item, known, _report) is { } map) yield return map;
        }
    }

    private void WrongKind(string field, YamlNode node, string kind) =>
        _report.Add(LineOf(node), "wrong-kind", $"'{field}' of {_known.What} is not {kind}", $"write {kind}");
}
