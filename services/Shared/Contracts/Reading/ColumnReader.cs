using Platform.Contracts.Rules;

namespace Platform.Contracts.Reading;

/// <summary>Reads one property of a schema object.</summary>
internal static class ColumnReader
{
    public static ColumnDraft? Read(MapNode property, Report report)
    {
        if (property.RequiredText("name", "write the column's name") is not { } name) return null;
        report.AddRange(NameRules.CheckColumn(report.File, name));
        property.Word("physicalName", "physical-name", [name.Value]);

        var custom = CustomProperties.Read(property, CustomProperties.OfColumns, report);
        var isKey = property.Flag("primaryKey") ?? false;
        if (isKey) property.Word("primaryKeyPosition", "one-key", ["1"]);
        var generated = custom.Flag("generated") ?? false;
        if (generated && !isKey)
            report.Add(
                custom.LineOf("generated"), "generated-key", $"'{name.Value}' is not the key", "write 'generated' in the primary key only");

        var type = ColumnTypeReader.Read(property, custom, name.Value, report);
        return new ColumnDraft(
            name,
            isKey,
            RelationshipReader.Read(property, report),
            type is null ? null : type with
            {
                Description = property.Text("description")?.Value.Trim() ?? "",
                Required = property.Flag("required") ?? false,
                Classification = ReadClassification(property),
                Indexed = custom.Flag("indexed") ?? false,
                Generated = generated,
            },
            QualityReader.Read(property, type ?? new() { Name = name.Value, Type = ColumnType.Text }, report));
    }

    private static Classification ReadClassification(MapNode property)
    {
        var words = Enum.GetNames<Classification>().Select(name => name.ToLowerInvariant()).ToArray();
        return property.Word("classification", "classification", words) is { } written
            ? Enum.Parse<Classification>(written.Value, ignoreCase: true)
            : Classification.Internal;
    }
}
