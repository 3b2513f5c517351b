namespace Platform.Contracts.Reading;

/// <summary>Reads the quality rules of a schema object or of a property.</summary>
internal static class QualityReader
{
    private static readonly string[] OfColumns = ["nullValues", "missingValues", "invalidValues", "duplicateValues"];
    private static readonly string[] OfEntities = ["rowCount"];

    /// <summary>The rules. A rule of type <c>text</c> is for people and left out.</summary>
    /// <param name="owner">The schema object or property.</param>
    /// <param name="column">The property's column; null for the schema object.</param>
    /// <param name="report">Takes what is wrong.</param>
    public static IReadOnlyList<QualityContract> Read(MapNode owner, ColumnContract? column, Report report)
    {
        var rules = new List<QualityContract>();
        foreach (var rule in owner.Maps("quality", OdcsFields.Quality))
        {
            if (rule.Has("type") && rule.Word("type", "quality-type", ["library", "text"]) is not { Value: "library" }) continue;
            if (ReadRule(rule, column, report) is { } read) rules.Add(read);
        }

        return rules;
    }

    private static QualityContract? ReadRule(MapNode rule, ColumnContract? column, Report report)
    {
        rule.RequiredText("metric", Spelling.OneOf(QualityWords.Metrics));
        var metric = rule.Word("metric", "quality-metric", QualityWords.Metrics);
        var dimension = rule.Word("dimension", "quality-dimension", QualityWords.Dimensions);
        var unit = rule.Word("unit", "quality-unit", QualityWords.Units);
        var comparison = ReadComparison(rule, report);
        if (metric is not { } name) return null;

        CheckPlace(name, column, report);
        var arguments = rule.Node("arguments") is { } node ? MapNode.Of(node, OdcsFields.QualityArguments, report) : null;
        var pattern = arguments?.Text("pattern");
        if (pattern is { } written && TextPattern.Fault(written.Value) is { } fault)
            report.Add(written.Line, "pattern", fault, "write a regular expression without look-around and back references");
        var validValues = Values(arguments, "validValues");
        if (name.Value == "invalidValues" && validValues.Count == 0 && pattern is null
            && column is { Pattern: null, Minimum: null, Maximum: null, MaxLength: null })
        {
            report.Add(name.Line, "quality-arguments", "nothing says which values are valid",
                "write arguments: {validValues: [...]} or {pattern: ...}");
        }

        return comparison is not var (word, threshold) ? null : new(column?.Name, name.Value, word, threshold, dimension?.Value)
        {
            Unit = unit?.Value ?? "rows",
            Pattern = pattern?.Value,
            ValidValues = validValues,
            MissingValues = Values(arguments, "missingValues"),
        };
    }

    private static (string Operator, decimal Threshold)? ReadComparison(MapNode rule, Report report)
    {
        var written = QualityWords.Operators.Where(rule.Has).ToArray();
        if (written.Length == 1) return rule.Number(written[0]) is { } threshold ? (written[0], threshold.Value) : null;
        report.Add(
            written.Length > 1 ? rule.LineOf(written[1]) : rule.Line,
            "quality-operator",
            $"the rule has {written.Length} comparisons",
            written.Length > 1 ? "write a rule for each" : Spelling.OneOf(QualityWords.Operators));
        return null;
    }

    private static void CheckPlace(Located<string> metric, ColumnContract? column, Report report)
    {
        var allowed = column is null ? OfEntities : OfColumns;
        if (allowed.Contains(metric.Value)) return;
        report.Add(metric.Line, "quality-place", $"'{metric.Value}' is not a metric of a {(column is null ? "schema object" : "property")}",
            column is null ? "write it in the property that it is about" : "write it in the schema object");
    }

    private static IReadOnlyList<string> Values(MapNode? arguments, string field) =>
        arguments is null ? [] : [.. arguments.Texts(field).Select(text => text.Value)];
}
